/** One line of text as it is: no pills, no dialog. */
import { asText, type FieldProps, placeholderOf } from "./types";

export function PlainBox({
  field,
  value,
  onChange,
  inputId,
  invalid,
  spellCheck,
}: FieldProps & { spellCheck?: boolean }) {
  return (
    <input
      id={inputId}
      className="input"
      data-testid={inputId}
      aria-invalid={invalid}
      spellCheck={spellCheck}
      placeholder={placeholderOf(field)}
      value={asText(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
