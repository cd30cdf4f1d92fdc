/** Runs, newest first, as they happen. */
import { useState } from "react";
import { useCommand } from "../../app/queries";
import { activityPath, go } from "../../app/router";
import { ago, duration, fullTime } from "../../app/time";
import { type RunState, type RunSummary, toFailure } from "../../backend";
import { Chip } from "../../components/Chip";
import { PageMessage } from "../../components/PageMessage";
import { t } from "../../locales";
import { runWord } from "./words";
import "./activity.css";

const STATES: RunState[] = ["queued", "running", "waiting", "attention", "done"];
const PAGE = 100;

export function ActivityPage({ workflow, state }: { workflow: string; state: string }) {
  const [limit, setLimit] = useState(PAGE);
  const workflows = useCommand("workflows_list", {});
  const runs = useCommand("runs_list", {
    limit,
    ...(workflow && { workflow }),
    ...(state && { state: state as RunState }),
  });
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t("runs.title")}</h1>
        <span className="grow" />
        <select
          className="input fit"
          aria-label={t("runs.filter_workflow")}
          data-testid="activity-workflow"
          value={workflow}
          onChange={(event) => go(activityPath(event.target.value, state))}
        >
          <option value="">{t("runs.all_workflows")}</option>
          {workflows.data?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select
          className="input fit"
          aria-label={t("runs.filter_state")}
          data-testid="activity-state"
          value={state}
          onChange={(event) => go(activityPath(workflow, event.target.value))}
        >
          <option value="">{t("runs.all_states")}</option>
          {STATES.map((word) => (
            <option key={word} value={word}>
              {t(`runs.states.${word}`)}
            </option>
          ))}
        </select>
      </header>
      <div className="page-body">
        {runs.error && !runs.data && <PageMessage text={toFailure(runs.error).message} />}
        {runs.isPending && <div className="card skeleton tall" />}
        {runs.data?.length === 0 && (
          <div className="card empty">
            <b>{t("runs.none")}</b>
            <p className="muted">{t("runs.none_help")}</p>
          </div>
        )}
        {runs.data && runs.data.length > 0 && (
          <section className="card" aria-label={t("runs.title")}>
            {runs.data.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </section>
        )}
        {runs.data?.length === limit && (
          <button type="button" className="button" onClick={() => setLimit(limit + PAGE)}>
            {t("runs.more")}
          </button>
        )}
      </div>
    </main>
  );
}

export function RunRow({ run }: { run: RunSummary }) {
  const { tone, text } = runWord(run);
  return (
    <a className="run-row" href={`#/runs/${run.id}`} data-testid={`run-row-${run.id}`}>
      <Chip tone={tone}>{text}</Chip>
      <span className="run-text">
        <b>{run.subject || t("runs.by_hand")}</b>
        <span className="muted">
          {run.workflow_name}
          {run.reason && run.state !== "running" ? ` · ${run.reason}` : ""}
        </span>
      </span>
      <span className="muted small tabular">{duration(run.started, run.ended)}</span>
      <time className="muted small" dateTime={run.created} title={fullTime(run.created)}>
        {ago(run.created)}
      </time>
    </a>
  );
}
