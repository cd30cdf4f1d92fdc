/** Sentences of triggers and steps with their labels looked up. */
import type { Step, Workflow } from "../../backend";
import { t } from "../../locales";
import { actionOf, type Catalog, triggerOf } from "../../workflow/catalog";
import { type LabelOf, plainText, type SentencePart, toSentence } from "../../workflow/sentence";
import { describe, NO_EXAMPLE, valuesBefore } from "../../workflow/values";
import { isGroup, isRow } from "./conditions";

export function triggerSentence(catalog: Catalog, document: Workflow): SentencePart[] {
  const trigger = triggerOf(catalog, document);
  if (!trigger) return [{ kind: "words", text: document.trigger?.on ?? "" }];
  return toSentence(trigger.info.sentence, trigger.info.fields, document.trigger?.with ?? {}, (path) => path);
}

/** A step as its card shows it: its number and what it does. */
export function placeText(catalog: Catalog, document: Workflow, id: string): string {
  const index = document.steps.findIndex((step) => step.id === id);
  if (index < 0) return "";
  return `${index + 1} · ${document.steps[index]?.name ?? plainText(stepSentence(catalog, document, index))}`;
}

export function labelsFor(catalog: Catalog, document: Workflow, index: number): LabelOf {
  const groups = valuesBefore(catalog, document, index, NO_EXAMPLE);
  return (expression) => describe(groups, expression).label.toLowerCase();
}

/** `filled` stands in for the step's own fields, for instance with a run's real values. */
export function stepSentence(
  catalog: Catalog,
  document: Workflow,
  index: number,
  filled?: Record<string, unknown>,
): SentencePart[] {
  const step = document.steps[index];
  if (!step) return [];
  const labelOf = labelsFor(catalog, document, index);
  const action = actionOf(catalog, step);
  if (action) return toSentence(action.info.sentence, action.info.fields, filled ?? step.with ?? {}, labelOf);
  return ownSentence(step, labelOf);
}

function ownSentence(step: Step, labelOf: LabelOf): SentencePart[] {
  if (step.only_if !== undefined) {
    return [
      { kind: "words", text: `${t("sentence.only_if")} ` },
      { kind: "value", text: conditionText(step, labelOf), field: "only_if" },
    ];
  }
  if (step.set) {
    const names = Object.keys(step.set).join(", ");
    return [
      { kind: "words", text: `${t("sentence.set")} ` },
      names === ""
        ? { kind: "missing", text: t("sentence.values"), field: "set" }
        : { kind: "value", text: names, field: "set" },
    ];
  }
  if (step.stop) {
    const text = step.stop.as === "failed" ? t("sentence.stop_failed") : t("sentence.stop");
    if (!step.stop.reason) return [{ kind: "words", text }];
    return [
      { kind: "words", text: `${text}: ` },
      { kind: "value", text: step.stop.reason, field: "stop" },
    ];
  }
  return [{ kind: "words", text: step.do ?? t("sentence.unknown_step") }];
}

function conditionText(step: Step, labelOf: LabelOf): string {
  const condition = step.only_if;
  if (!isGroup(condition)) return t("sentence.expression");
  const rows = condition.all ?? condition.any ?? [];
  const texts = rows.map((entry) => {
    if (!isRow(entry)) return t("sentence.more_conditions");
    const left = sideText(entry.left, labelOf);
    return `${left || t("sentence.something")} ${t(`operators.${entry.is}`)} ${sideText(entry.right, labelOf)}`.trim();
  });
  return new Intl.ListFormat("en", { type: condition.any ? "disjunction" : "conjunction" }).format(texts);
}

function sideText(side: unknown, labelOf: LabelOf): string {
  if (side === undefined || side === null) return "";
  return String(side).replace(/\{\{\s*([^}]*?)\s*\}\}/g, (_, expression: string) => labelOf(expression));
}

export function stepTitle(catalog: Catalog, step: Step): string {
  return step.name || actionOf(catalog, step)?.info.name || kindTitle(step);
}

export function kindTitle(step: Step): string {
  if (step.only_if !== undefined) return t("builder.kinds.only_if");
  if (step.set) return t("builder.kinds.set");
  if (step.stop) return t("builder.kinds.stop");
  return step.do ?? t("sentence.unknown_step");
}
