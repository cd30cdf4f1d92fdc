/** What every step has besides its fields: what a failure means, its name and a note. */
import type { OnErrorWord, Step } from "../../backend";
import { t } from "../../locales";
import { useBuilder } from "./context";

const WORDS: OnErrorWord[] = ["attention", "continue", "stop"];

export function StepExtras({ step }: { step: Step }) {
  const { edit } = useBuilder();
  const change = (next: Partial<Step>) => edit({ type: "change_step", id: step.id, change: next });
  const onError = typeof step.on_error === "object" ? "steps" : (step.on_error ?? "attention");
  return (
    <div className="extras">
      {step.do && (
        <div className="field">
          <label htmlFor="on-error">{t("builder.on_error")}</label>
          <select
            id="on-error"
            className="input"
            data-testid="on-error"
            value={onError}
            onChange={(event) => {
              const word = event.target.value as OnErrorWord;
              change({ on_error: word === "attention" ? undefined : word });
            }}
          >
            {WORDS.map((word) => (
              <option key={word} value={word}>
                {t(`builder.on_errors.${word}`)}
              </option>
            ))}
            {onError === "steps" && <option value="steps">{t("builder.on_errors.steps")}</option>}
          </select>
        </div>
      )}
      <details>
        <summary data-testid="step-more">{t("builder.name_and_note")}</summary>
        <div className="field">
          <label htmlFor="step-name">{t("builder.step_name")}</label>
          <input
            id="step-name"
            className="input"
            data-testid="step-name"
            value={step.name ?? ""}
            onChange={(event) => change({ name: event.target.value || undefined })}
          />
        </div>
        <div className="field">
          <label htmlFor="step-note">{t("builder.step_note")}</label>
          <textarea
            id="step-note"
            className="input"
            rows={2}
            data-testid="step-note"
            value={step.note ?? ""}
            onChange={(event) => change({ note: event.target.value || undefined })}
          />
        </div>
      </details>
    </div>
  );
}
