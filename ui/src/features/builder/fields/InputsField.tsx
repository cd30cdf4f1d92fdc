/** What a person is asked for when they start the workflow. */
import { Plus, X } from "lucide-react";
import { t } from "../../../locales";
import type { AskedInput } from "../../../workflow/catalog";
import type { FieldProps } from "./types";

const KINDS = [
  "text",
  "number",
  "yes_no",
  "date",
  "time",
  "file",
  "folder",
  "choice",
  "list",
  "record",
] as const;

export function InputsField({ field, value, onChange }: FieldProps) {
  const inputs = Array.isArray(value) ? (value as AskedInput[]) : [];
  const put = (index: number, change: Partial<AskedInput>) =>
    onChange(inputs.map((input, at) => (at === index ? { ...input, ...change } : input)));
  const named = (part: string, index: number) => `inputs-${field.id}-${part}-${index}`;
  return (
    <fieldset className="rows" aria-label={field.label}>
      {inputs.map((input, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: inputs have no other identity while their names are typed
        <div className="row-edit" key={index}>
          <input
            className="input"
            aria-label={t("inputs.name", { number: index + 1 })}
            placeholder={t("inputs.name_example")}
            data-testid={named("name", index)}
            value={input.name ?? ""}
            onChange={(event) => put(index, { name: event.target.value })}
          />
          <select
            className="input"
            aria-label={t("inputs.kind", { number: index + 1 })}
            data-testid={named("kind", index)}
            value={input.kind}
            onChange={(event) => put(index, { kind: event.target.value })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`inputs.kinds.${kind}`)}
              </option>
            ))}
          </select>
          <label className="check">
            <input
              type="checkbox"
              data-testid={named("required", index)}
              checked={input.required === true}
              onChange={(event) => put(index, { required: event.target.checked })}
            />
            {t("inputs.required")}
          </label>
          <button
            type="button"
            className="icon-button"
            aria-label={t("inputs.remove", { number: index + 1 })}
            data-testid={named("remove", index)}
            onClick={() => onChange(inputs.toSpliced(index, 1))}
          >
            <X size={15} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button small"
        id={`input-${field.id}`}
        data-testid={`inputs-${field.id}-add`}
        onClick={() => onChange([...inputs, { name: "", kind: "text" }])}
      >
        <Plus size={14} aria-hidden="true" /> {t("inputs.add")}
      </button>
    </fieldset>
  );
}
