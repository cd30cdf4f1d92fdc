/** A question to the person: what is known about a step that may have happened or that failed, and the answers. */

import { useAction } from "../../app/queries";
import { fullTime } from "../../app/time";
import type { Resolution, RunDetail, StepView } from "../../backend";
import { Sentence } from "../../components/Sentence";
import { KindTile, Tile } from "../../components/Tile";
import { t } from "../../locales";
import { actionOf, type Catalog } from "../../workflow/catalog";
import { stepOf, stepParts } from "./words";

export function AttentionCard({
  run,
  view,
  catalog,
  linked = false,
}: {
  run: RunDetail;
  view: StepView;
  catalog: Catalog;
  linked?: boolean;
}) {
  const { step } = stepOf(run, view);
  const action = step && actionOf(catalog, step);
  const resolve = useAction("run_resolve");
  const unknown = view.state === "unknown";
  const answer = (word: Resolution) => resolve.mutate({ id: run.id, path: view.path, answer: word });
  const since = view.ended ?? view.started ?? run.created;
  return (
    <section
      className="card attention"
      data-testid={`attention-card-${run.id}`}
      aria-label={t("attention.card")}
    >
      {action || !step ? <Tile connector={action?.connector} /> : <KindTile step={step} />}
      <div className="grow">
        <h2>
          {unknown ? t("attention.was_it_done") : t("attention.did_not_work")}{" "}
          <Sentence parts={stepParts(catalog, run, view)} />
        </h2>
        <p className="muted">
          {run.workflow_name} · {run.subject && `${run.subject} · `}
          {fullTime(since)}.{" "}
          {view.error ? `${view.error.message} ${view.error.hint ?? ""}` : (run.reason ?? "")}{" "}
          {unknown && t("attention.never_repeated")}
        </p>
        <div className="attention-buttons">
          <button
            type="button"
            className={unknown ? "button" : "button primary"}
            data-testid="resolve-again"
            disabled={resolve.isPending}
            onClick={() => answer("again")}
          >
            {t("attention.again")}
          </button>
          <button
            type="button"
            className="button"
            data-testid="resolve-done"
            disabled={resolve.isPending}
            onClick={() => answer("done")}
          >
            {t("attention.done")}
          </button>
          <button
            type="button"
            className="button"
            data-testid="resolve-skip"
            disabled={resolve.isPending}
            onClick={() => answer("skip")}
          >
            {t("attention.skip")}
          </button>
          {view.error?.kind === "reconnect" && (
            <a className="button quiet" href="#/connections" data-testid="to-connections">
              {t("attention.to_connections")}
            </a>
          )}
          <span className="grow" />
          {linked && (
            <a className="button quiet" href={`#/runs/${run.id}`} data-testid="open-run">
              {t("attention.open_run")}
            </a>
          )}
        </div>
      </div>
    </section>
  );
}
