/** What a person is asked before a workflow that is started by hand begins. */
import { type FormEvent, useState } from "react";
import { t } from "../locales";
import type { AskedInput } from "../workflow/catalog";
import { Switch } from "./Switch";

const TYPES: Record<string, string> = { number: "number", date: "date", time: "time" };

export function AskInputs({
  inputs,
  action,
  onGo,
  busy = false,
}: {
  inputs: AskedInput[];
  action: string;
  onGo: (event: Record<string, unknown>) => void;
  busy?: boolean;
}) {
  const [values, setValues] = useState<Record<string, unknown>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onGo(values);
  };
  const set = (name: string, value: unknown) => setValues((before) => ({ ...before, [name]: value }));
  return (
    <form className="ask" data-testid="ask-inputs" onSubmit={submit}>
      {inputs.map((input) => (
        <Asked
          key={input.name}
          input={input}
          value={values[input.name]}
          onChange={(value) => set(input.name, value)}
        />
      ))}
      <footer className="dialog-foot">
        <button type="submit" className="button primary" data-testid="ask-go" disabled={busy}>
          {action}
        </button>
      </footer>
    </form>
  );
}

type AskedProps = { input: AskedInput; value: unknown; onChange: (value: unknown) => void };

function Asked({ input, value, onChange }: AskedProps) {
  const id = `ask-${input.name}`;
  return (
    <div className="field">
      <label htmlFor={id}>
        {input.name} {input.required && <RequiredMark />}
      </label>
      {input.kind === "yes_no" ? (
        <Switch id={id} label={input.name} testId={id} checked={value === true} onChange={onChange} />
      ) : input.kind === "choice" && input.choices ? (
        <select
          id={id}
          className="input"
          data-testid={id}
          required={input.required}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="" />
          {input.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="input"
          data-testid={id}
          type={TYPES[input.kind] ?? "text"}
          step="any"
          required={input.required}
          value={String(value ?? "")}
          onChange={(event) => onChange(typed(input.kind, event.target.value))}
        />
      )}
    </div>
  );
}

function typed(kind: string, text: string): unknown {
  if (text === "") return undefined;
  if (kind === "number") return Number(text);
  if (kind === "list") return text.split(",").map((item) => item.trim());
  return text;
}

export function RequiredMark() {
  return (
    <span className="required" title={t("builder.required")}>
      *
    </span>
  );
}
