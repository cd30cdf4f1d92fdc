/** A whole workflow as one sentence. */
import { Fragment } from "react";
import type { Workflow } from "../../backend";
import { Sentence } from "../../components/Sentence";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { lowerFirst, type SentencePart } from "../../workflow/sentence";
import { stepSentence, triggerSentence } from "../builder/sentences";

const list = new Intl.ListFormat("en", { type: "conjunction" });

export function WorkflowSentence({ catalog, document }: { catalog: Catalog; document: Workflow }) {
  const steps = document.steps
    .map((step, index) => ({ step, parts: lowerFirst(stepSentence(catalog, document, index)) }))
    .filter(({ step }) => !step.disabled)
    .map(({ parts }) => parts);
  if (!document.trigger) return <span>{t("home.not_finished")}</span>;
  const start: SentencePart[] = [
    { kind: "words", text: `${t("sentence.when")} ` },
    ...lowerFirst(triggerSentence(catalog, document)),
  ];
  return (
    <span>
      <Sentence parts={start} />
      {steps.length > 0 && ", "}
      {list.formatToParts(steps.map((_, index) => String(index))).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
        <Fragment key={index}>
          {part.type === "element" ? <Sentence parts={steps[Number(part.value)] ?? []} /> : part.value}
        </Fragment>
      ))}
    </span>
  );
}
