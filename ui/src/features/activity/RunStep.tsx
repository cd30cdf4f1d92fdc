/** One step of a run as a row; opened, what went in, what came out and each try. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { clockTime, duration, fullTime } from "../../app/time";
import type { RunDetail, StepView } from "../../backend";
import { Chip } from "../../components/Chip";
import { Sentence } from "../../components/Sentence";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { type LabelledValue, labelled, stepOf, stepParts, stepWord } from "./words";

export function RunStep({ run, view, catalog }: { run: RunDetail; view: StepView; catalog: Catalog }) {
  const [open, setOpen] = useState(view.state === "failed" || view.state === "unknown");
  const id = useId();
  const { tone, text } = stepWord(view.state);
  return (
    <div className="step-row">
      <button
        type="button"
        className="step-summary"
        aria-expanded={open}
        aria-controls={id}
        data-testid={`run-step-${view.path}`}
        onClick={() => setOpen(!open)}
      >
        <span className="step-when">{view.started ? clockTime(view.started) : "–"}</span>
        <span className="grow">
          <Sentence parts={stepParts(catalog, run, view)} />
        </span>
        {view.attempts.length > 1 && (
          <span className="muted small">{t("runs.tries", { count: view.attempts.length })}</span>
        )}
        <span className="muted small tabular">{duration(view.started, view.ended)}</span>
        <Chip tone={tone}>{text}</Chip>
        {open ? <ChevronDown size={16} aria-hidden="true" /> : <ChevronRight size={16} aria-hidden="true" />}
      </button>
      {open && (
        <div className="step-details" id={id} data-testid={`run-step-details-${view.path}`}>
          <Details run={run} view={view} catalog={catalog} />
        </div>
      )}
    </div>
  );
}

function Details({ run, view, catalog }: { run: RunDetail; view: StepView; catalog: Catalog }) {
  const { step } = stepOf(run, view);
  return (
    <>
      {view.error && (
        <p className="problem">
          {view.error.message} {view.error.hint}
        </p>
      )}
      {view.wake_at && <p className="note">{t("runs.again_at", { time: fullTime(view.wake_at) })}</p>}
      <ValueList title={t("runs.input")} values={labelled(catalog, step, view.input)} />
      <ValueList title={t("runs.output")} values={labelled(catalog, step, view.output)} />
      {view.attempts.length > 0 && (
        <>
          <h3>{t("runs.tries_title")}</h3>
          <ol className="tries">
            {view.attempts.map((attempt) => (
              <li key={attempt.number}>
                {fullTime(attempt.started)}
                {attempt.ended ? ` · ${duration(attempt.started, attempt.ended)}` : ` · ${t("runs.no_end")}`}
                {attempt.error && ` · ${attempt.error.message}`}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function ValueList({ title, values }: { title: string; values: LabelledValue[] }) {
  if (values.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <dl className="kv">
        {values.map(({ key, label, text }) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
