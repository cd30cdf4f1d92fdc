/** One run: what started it, each step with what went in and came out, and what can be done about it. */
import { ChevronLeft, RotateCcw, Square } from "lucide-react";
import { useState } from "react";
import { useAction, useCatalog, useRun } from "../../app/queries";
import { go } from "../../app/router";
import { clockTime, fullTime } from "../../app/time";
import { type RunDetail, toFailure } from "../../backend";
import { Chip } from "../../components/Chip";
import { Dialog } from "../../components/Dialog";
import { PageMessage } from "../../components/PageMessage";
import { Sentence } from "../../components/Sentence";
import { t } from "../../locales";
import { type Catalog, triggerOf } from "../../workflow/catalog";
import { stepSentence } from "../builder/sentences";
import { AttentionCard } from "./AttentionCard";
import { RunStep } from "./RunStep";
import { openStep, runWord } from "./words";
import "./activity.css";

export function RunPage({ id }: { id: string }) {
  const catalog = useCatalog();
  const run = useRun(id);
  if (run.error && !run.data) return <PageMessage text={toFailure(run.error).message} back />;
  if (!run.data || !catalog) return <PageMessage text="" busy />;
  return <Loaded run={run.data} catalog={catalog} />;
}

function Loaded({ run, catalog }: { run: RunDetail; catalog: Catalog }) {
  const { tone, text } = runWord(run);
  const waiting = openStep(run);
  const reached = new Set(run.steps.map((view) => view.path));
  const rest = run.state === "done" ? [] : run.document.steps.filter((step) => !reached.has(step.id));
  return (
    <main className="page">
      <header className="page-head">
        <button
          type="button"
          className="icon-button"
          aria-label={t("runs.back")}
          onClick={() => go("#/activity")}
        >
          <ChevronLeft size={19} />
        </button>
        <div className="run-title">
          <h1>{run.subject || t("runs.by_hand")}</h1>
          <a href={`#/workflows/${run.workflow}`} data-testid="run-workflow">
            {run.workflow_name}
          </a>
        </div>
        <Chip tone={tone} testId="run-state">
          {text}
        </Chip>
        <span className="grow" />
        <RunActions run={run} />
      </header>
      <div className="page-body">
        {waiting && <AttentionCard run={run} view={waiting} catalog={catalog} />}
        {run.reason && !waiting && (
          <p className="note">
            {run.reason}{" "}
            {waitsForConnection(run) && <a href="#/connections">{t("attention.to_connections")}</a>}
          </p>
        )}
        <section className="card" aria-label={t("runs.steps_title")}>
          <EventRow run={run} catalog={catalog} />
          {run.steps.map((view) => (
            <RunStep key={view.path} run={run} view={view} catalog={catalog} />
          ))}
          {rest.map((step) => (
            <div className="step-row muted" key={step.id}>
              <span className="step-summary">
                <span className="step-when">–</span>
                <span className="grow">
                  <Sentence parts={stepSentence(catalog, run.document, run.document.steps.indexOf(step))} />
                </span>
                <span>{t("runs.not_yet")}</span>
              </span>
            </div>
          ))}
        </section>
      </div>
    </main>
  );
}

function waitsForConnection(run: RunDetail): boolean {
  return run.state === "waiting" && run.steps.some((view) => view.error?.waits_for === "connection");
}

function EventRow({ run, catalog }: { run: RunDetail; catalog: Catalog }) {
  const trigger = triggerOf(catalog, run.document);
  return (
    <div className="step-row">
      <span className="step-summary">
        <span className="step-when" title={fullTime(run.created)}>
          {clockTime(run.created)}
        </span>
        <span className="grow">
          <b>{trigger?.info.name ?? t("runs.started")}</b> {run.subject}
        </span>
      </span>
    </div>
  );
}

function RunActions({ run }: { run: RunDetail }) {
  const [confirming, setConfirming] = useState(false);
  const retry = useAction("run_retry", (made) => go(`#/runs/${made.id}`));
  const cancel = useAction("run_cancel");
  const failed = run.steps.some((view) => view.state === "failed");
  const ended = run.state === "done";
  const { id } = run;
  return (
    <>
      {failed && (run.state === "attention" || run.outcome === "failed") && (
        <button
          type="button"
          className="button"
          data-testid="run-retry"
          disabled={retry.isPending}
          onClick={() => retry.mutate({ id, from_start: false })}
        >
          <RotateCcw size={15} aria-hidden="true" /> {t("runs.retry")}
        </button>
      )}
      {ended && (
        <button
          type="button"
          className="button"
          data-testid="run-retry-start"
          onClick={() => setConfirming(true)}
        >
          {t("runs.retry_start")}
        </button>
      )}
      {!ended && (
        <button
          type="button"
          className="button"
          data-testid="run-cancel"
          disabled={cancel.isPending}
          onClick={() => cancel.mutate({ id })}
        >
          <Square size={14} aria-hidden="true" /> {t("runs.cancel")}
        </button>
      )}
      {confirming && (
        <Dialog title={t("runs.retry_start")} testId="confirm" onClose={() => setConfirming(false)}>
          <p className="dialog-text">{t("runs.retry_start_warning")}</p>
          <RepeatedSteps run={run} />
          <footer className="dialog-foot">
            <button type="button" className="button" onClick={() => setConfirming(false)}>
              {t("common.cancel")}
            </button>
            <button
              type="button"
              className="button primary"
              data-testid="confirm-yes"
              disabled={retry.isPending}
              onClick={() =>
                retry.mutate({ id, from_start: true }, { onSettled: () => setConfirming(false) })
              }
            >
              {t("runs.retry_start")}
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}

/** Done steps with an effect outside, which a start from the beginning would do again. */
function RepeatedSteps({ run }: { run: RunDetail }) {
  const catalog = useCatalog();
  const again = run.steps.filter(
    (view) => view.state === "succeeded" && view.effect !== "pure" && view.effect !== "read",
  );
  if (!catalog || again.length === 0) return null;
  return (
    <ul className="dialog-text">
      {again.map((view) => (
        <li key={view.path}>
          <Sentence
            parts={stepSentence(
              catalog,
              run.document,
              run.document.steps.findIndex((s) => s.id === view.path),
            )}
          />
        </li>
      ))}
    </ul>
  );
}
