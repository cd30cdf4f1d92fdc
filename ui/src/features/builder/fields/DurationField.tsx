/** A length of time: a number and its unit. Anything else (`1h30m`, a reference) is shown as it is. */
import { useState } from "react";
import { t } from "../../../locales";
import { readLength, UNITS, type Unit } from "../../../workflow/lengths";
import { PlainBox } from "./PlainBox";
import { asText, type FieldProps } from "./types";

export function DurationField(props: FieldProps) {
  const { field, value, onChange, inputId, invalid } = props;
  const usual = readLength(field.default) ?? readLength(field.example);
  const [unit, setUnit] = useState<Unit>(readLength(value)?.unit ?? usual?.unit ?? "m");
  const given = readLength(value);
  if (asText(value) !== "" && !given) return <PlainBox {...props} />;
  const shown = given?.unit ?? unit;
  const put = (amount: string, next: Unit) => onChange(amount === "" ? "" : `${Number(amount)}${next}`);
  return (
    <div className="pair">
      <input
        id={inputId}
        className="input"
        data-testid={inputId}
        type="number"
        min={1}
        step={1}
        aria-invalid={invalid}
        placeholder={usual ? String(usual.amount) : ""}
        value={given?.amount ?? ""}
        onChange={(event) => put(event.target.value.replaceAll(/\D/g, ""), shown)}
      />
      <select
        className="input"
        aria-label={t("lengths.unit", { field: field.label })}
        data-testid={`unit-${field.id}`}
        value={shown}
        onChange={(event) => {
          const next = event.target.value as Unit;
          setUnit(next);
          if (given) put(String(given.amount), next);
        }}
      >
        {UNITS.map((one) => (
          <option key={one} value={one}>
            {t(`lengths.names.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
