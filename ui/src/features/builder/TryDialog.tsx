/** The whole workflow with a real example: first only shown, then, with a second button, done once. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { told } from "../../app/queries";
import type { RunDetail, StepView } from "../../backend";
import { toFailure } from "../../backend";
import { AskInputs } from "../../components/AskInputs";
import { Chip } from "../../components/Chip";
import { Dialog } from "../../components/Dialog";
import { Sentence } from "../../components/Sentence";
import { t } from "../../locales";
import { askedInputs, startsByHand } from "../../workflow/catalog";
import { useBuilder } from "./context";
import { stepSentence } from "./sentences";
import type { ExampleState } from "./useExample";
import { SampleSelect, StepWould } from "./WouldCard";

export function TryDialog({
  state,
  blocked,
  onRun,
  onClose,
}: {
  state: ExampleState;
  blocked: boolean;
  onRun: (event: Record<string, unknown>) => void;
  onClose: () => void;
}) {
  const { document, catalog } = useBuilder();
  const inputs = askedInputs(catalog, document);
  const asks = startsByHand(catalog, document) && inputs.length > 0;
  const [given, setGiven] = useState<Record<string, unknown> | null>(null);
  const event = asks ? given : state.example.event;
  const own = useQuery({
    queryKey: ["workflow_preview", { document, event: given }],
    queryFn: () => told("workflow_preview", { document, event: given ?? {} }),
    enabled: asks && given !== null,
    retry: false,
  });
  const preview = asks ? own.data : state.preview;
  const failure = asks ? (own.error ? toFailure(own.error).message : "") : state.failure;
  return (
    <Dialog title={t("try.title")} testId="try-dialog" onClose={onClose} className="dialog-wide">
      <div className="try-body">
        <p className="muted">{t("try.nothing_done")}</p>
        {asks ? (
          <AskInputs inputs={inputs} action={t("try.show")} onGo={setGiven} />
        ) : (
          <SampleSelect state={state} testId="try-sample" />
        )}
        {failure && <p className="problem">{failure}</p>}
        {preview && <TriedSteps preview={preview} state={{ ...state, preview, failure }} />}
      </div>
      <footer className="dialog-foot">
        <span className="grow muted small">{blocked ? t("try.blocked") : t("try.real_help")}</span>
        <button type="button" className="button" onClick={onClose}>
          {t("common.close")}
        </button>
        <button
          type="button"
          className="button"
          data-testid="try-run"
          disabled={blocked || !event || !preview}
          onClick={() => event && onRun(event)}
        >
          {t("try.for_real")}
        </button>
      </footer>
    </Dialog>
  );
}

function TriedSteps({ preview, state }: { preview: RunDetail; state: ExampleState }) {
  const { document, catalog } = useBuilder();
  const found = (id: string) => preview.steps.find((view) => view.path === id);
  return (
    <ol className="try-steps">
      {document.steps.map((step, index) => {
        const view = found(step.id);
        return (
          <li key={step.id} data-testid={`try-step-${step.id}`}>
            <div className="try-head">
              <span className="grow">
                {index + 1} · <Sentence parts={stepSentence(catalog, document, index)} />
              </span>
              <TriedChip view={view} />
            </div>
            {view && <StepWould step={view} state={state} />}
          </li>
        );
      })}
    </ol>
  );
}

function TriedChip({ view }: { view: StepView | undefined }) {
  if (!view) return <Chip tone="plain">{t("would.not_reached")}</Chip>;
  if (view.error) return <Chip tone="bad">{t("would.fails")}</Chip>;
  if (view.state === "skipped") return <Chip tone="plain">{t("would.skipped")}</Chip>;
  return <Chip tone="good">{t("would.works")}</Chip>;
}
