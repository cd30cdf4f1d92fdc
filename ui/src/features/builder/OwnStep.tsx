/** The editors of steps that belong to no connector. */
import type { Step, StopAs } from "../../backend";
import { t } from "../../locales";
import { valuesBefore } from "../../workflow/values";
import { ConditionEditor } from "./ConditionEditor";
import { useBuilder } from "./context";
import { RecordRows } from "./fields/RecordField";

export function OwnStep({ step, index }: { step: Step; index: number }) {
  const { catalog, document, example, edit } = useBuilder();
  const groups = valuesBefore(catalog, document, index, example);
  const change = (next: Partial<Step>) => edit({ type: "change_step", id: step.id, change: next });
  if (step.only_if !== undefined) {
    return (
      <div className="field">
        <span className="label">{t("conditions.title")}</span>
        <ConditionEditor
          condition={step.only_if}
          groups={groups}
          onChange={(only_if) => change({ only_if })}
        />
        <p className="help">{t("conditions.help")}</p>
      </div>
    );
  }
  if (step.set) {
    return (
      <div className="field">
        <span className="label">{t("builder.values")}</span>
        <RecordRows
          name="set"
          label={t("builder.values")}
          value={step.set}
          groups={groups}
          onChange={(set) => change({ set })}
        />
      </div>
    );
  }
  if (step.stop) return <StopEditor step={step} onChange={change} />;
  return <p className="note">{t("builder.cannot_edit")}</p>;
}

function StopEditor({ step, onChange }: { step: Step; onChange: (change: Partial<Step>) => void }) {
  const stop = { reason: step.stop?.reason ?? "", as: step.stop?.as ?? ("done" as const) };
  return (
    <>
      <div className="field">
        <label htmlFor="stop-reason">{t("builder.stop_reason")}</label>
        <input
          id="stop-reason"
          className="input"
          data-testid="stop-reason"
          value={stop.reason}
          onChange={(event) => onChange({ stop: { ...stop, reason: event.target.value } })}
        />
      </div>
      <div className="field">
        <label htmlFor="stop-as">{t("builder.stop_as")}</label>
        <select
          id="stop-as"
          className="input"
          data-testid="stop-as"
          value={stop.as}
          onChange={(event) => onChange({ stop: { ...stop, as: event.target.value as StopAs } })}
        >
          <option value="done">{t("builder.stop_done")}</option>
          <option value="failed">{t("builder.stop_failed")}</option>
        </select>
      </div>
    </>
  );
}
