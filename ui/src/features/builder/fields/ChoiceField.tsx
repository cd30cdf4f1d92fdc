/** One of a few choices. */
import type { FieldProps } from "./types";

export function ChoiceField({ field, value, onChange, inputId, invalid }: FieldProps) {
  const current = String(value ?? field.default ?? "");
  const known = field.choices.some((choice) => choice.value === current);
  return (
    <select
      id={inputId}
      className="input"
      data-testid={inputId}
      aria-invalid={invalid}
      value={current}
      onChange={(event) => onChange(event.target.value)}
    >
      {!known && <option value={current}>{current}</option>}
      {field.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
