/** Starts a workflow now: with what it asks for, or with one of the things its trigger sees. */
import { useState } from "react";
import { useAction, useCatalog, useCommand } from "../../app/queries";
import { go } from "../../app/router";
import type { Workflow } from "../../backend";
import { AskInputs } from "../../components/AskInputs";
import { Dialog } from "../../components/Dialog";
import { t } from "../../locales";
import { askedInputs, startsByHand } from "../../workflow/catalog";
import { sampleLabel } from "../builder/useExample";

export function RunNow({ id, document, onClose }: { id: string; document: Workflow; onClose: () => void }) {
  const catalog = useCatalog();
  const run = useAction("workflow_run", (made) => {
    onClose();
    go(`#/runs/${made.id}`);
  });
  const byHand = catalog && startsByHand(catalog, document);
  const samples = useCommand("workflow_samples", { id, document }, byHand === false);
  const [chosen, setChosen] = useState(0);
  if (!catalog) return null;
  const start = (event: Record<string, unknown>) => run.mutate({ id, event });
  const events = (samples.data ?? []) as Record<string, unknown>[];
  return (
    <Dialog title={t("home.run_now")} testId="run-now" onClose={onClose}>
      {byHand ? (
        <AskInputs
          inputs={askedInputs(catalog, document)}
          action={t("home.start")}
          onGo={start}
          busy={run.isPending}
        />
      ) : (
        <>
          <div className="field">
            <label htmlFor="run-sample">{t("home.run_with")}</label>
            <select
              id="run-sample"
              className="input"
              data-testid="run-sample"
              value={chosen}
              onChange={(event) => setChosen(Number(event.target.value))}
            >
              {events.map((event, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the newest is always the first
                <option key={index} value={index}>
                  {sampleLabel(catalog, document, event)}
                </option>
              ))}
            </select>
          </div>
          <footer className="dialog-foot">
            <button
              type="button"
              className="button primary"
              data-testid="ask-go"
              disabled={run.isPending || !events[chosen]}
              onClick={() => start(events[chosen] ?? {})}
            >
              {t("home.start")}
            </button>
          </footer>
        </>
      )}
    </Dialog>
  );
}
