/** A secret: typed or pasted, shown never. Several lines are kept as they are, for keys in files. */
import { t } from "../../../locales";
import { asText, type FieldProps } from "./types";

export function SecretField({ field, value, onChange, inputId, invalid }: FieldProps) {
  return (
    <textarea
      id={inputId}
      className="input secret"
      data-testid={inputId}
      aria-invalid={invalid}
      rows={asText(value).includes("\n") ? 4 : 1}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      placeholder={field.example || t("secret.paste")}
      value={asText(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
