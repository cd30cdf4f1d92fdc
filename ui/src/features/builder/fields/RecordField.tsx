/** Names to values, one row each. */
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { t } from "../../../locales";
import type { ValueGroup } from "../../../workflow/values";
import { WithPills } from "./TextFields";
import { asText, type FieldProps } from "./types";

export function RecordField({ field, value, onChange, groups }: FieldProps) {
  return <RecordRows name={field.id} label={field.label} value={value} onChange={onChange} groups={groups} />;
}

type Entry = [string, unknown];

export function RecordRows({
  name,
  label,
  value,
  onChange,
  groups,
}: {
  name: string;
  label: string;
  value: unknown;
  onChange: (value: Record<string, unknown>) => void;
  groups: ValueGroup[];
}) {
  const kept = Object.entries((value ?? {}) as Record<string, unknown>);
  // Rows without a name, or with a name twice, can't be in the document yet.
  const [unnamed, setUnnamed] = useState<{ kept: string; rows: Entry[] }>({ kept: "", rows: [] });
  const rows = unnamed.kept === JSON.stringify(kept) ? unnamed.rows : kept;
  const change = (next: Entry[]) => {
    const record = Object.fromEntries(next.filter(([key]) => key !== ""));
    setUnnamed({ kept: JSON.stringify(Object.entries(record)), rows: next });
    onChange(record);
  };
  const put = (index: number, entry: Entry) => change(rows.with(index, entry));
  return (
    <fieldset className="rows" aria-label={label}>
      {rows.map(([key, entry], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity while their names are typed
        <div className="row-edit" key={index}>
          <input
            className="input"
            aria-label={t("record.name", { number: index + 1 })}
            placeholder={t("record.name_example")}
            data-testid={`record-${name}-key-${index}`}
            value={key}
            onChange={(event) => put(index, [event.target.value, entry])}
          />
          <div className="row-value">
            <WithPills
              name={`${name}-${index}`}
              inputId={`record-${name}-value-${index}`}
              label={t("record.value", { name: key || index + 1 })}
              text={asText(entry)}
              groups={groups}
              placeholder={t("record.value_example")}
              onChange={(text) => put(index, [key, text])}
            />
          </div>
          <button
            type="button"
            className="icon-button"
            aria-label={t("record.remove", { name: key || index + 1 })}
            data-testid={`record-${name}-remove-${index}`}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            <X size={15} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button small"
        id={`input-${name}`}
        data-testid={`record-${name}-add`}
        onClick={() => change([...rows, ["", ""]])}
      >
        <Plus size={14} aria-hidden="true" /> {t("record.add")}
      </button>
    </fieldset>
  );
}
