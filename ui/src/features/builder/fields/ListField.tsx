/** One value or a list of them: a row each. A single one stands alone, so that a reference to a list stays a list. */
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { t } from "../../../locales";
import { WithPills } from "./TextFields";
import { asText, type FieldProps, placeholderOf } from "./types";

export function ListField({ field, value, onChange, groups, inputId, invalid }: FieldProps) {
  const kept = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  // Empty rows aren't in the document yet.
  const [typed, setTyped] = useState<{ kept: string; rows: unknown[] }>({ kept: "", rows: [] });
  const rows = typed.kept === JSON.stringify(kept) ? typed.rows : kept;
  const change = (next: unknown[]) => {
    const filled = next.filter((entry) => entry !== "");
    setTyped({ kept: JSON.stringify(filled), rows: next });
    onChange(filled.length > 1 ? filled : (filled[0] ?? undefined));
  };
  const shown = rows.length > 0 ? rows : [""];
  return (
    <fieldset className="rows" aria-label={field.label}>
      {shown.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other identity while they are typed
        <div className="row-edit" key={index}>
          <div className="row-value">
            <WithPills
              name={`${field.id}-${index}`}
              inputId={index === 0 ? inputId : `list-${field.id}-${index}`}
              label={t("list.entry", { field: field.label, number: index + 1 })}
              text={asText(entry)}
              groups={groups}
              invalid={invalid}
              placeholder={placeholderOf(field)}
              onChange={(text) => change(shown.with(index, text))}
            />
          </div>
          {shown.length > 1 && (
            <button
              type="button"
              className="icon-button"
              aria-label={t("list.remove", { number: index + 1 })}
              data-testid={`list-${field.id}-remove-${index}`}
              onClick={() => change(shown.toSpliced(index, 1))}
            >
              <X size={15} />
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="button small"
        data-testid={`list-${field.id}-add`}
        onClick={() => change([...shown, ""])}
      >
        <Plus size={14} aria-hidden="true" /> {t("list.add")}
      </button>
    </fieldset>
  );
}
