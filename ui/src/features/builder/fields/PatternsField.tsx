/** File name patterns, separated by commas. */
import { asText, type FieldProps, placeholderOf } from "./types";

export function PatternsField({ field, value, onChange, inputId, invalid }: FieldProps) {
  const text = Array.isArray(value) ? value.join(", ") : asText(value);
  return (
    <input
      id={inputId}
      className="input"
      data-testid={inputId}
      aria-invalid={invalid}
      placeholder={placeholderOf(field)}
      value={text}
      onChange={(event) => onChange(toPatterns(event.target.value))}
    />
  );
}

function toPatterns(text: string): string | string[] {
  return text.includes(",") ? text.split(",").map((pattern) => pattern.trimStart()) : text;
}
