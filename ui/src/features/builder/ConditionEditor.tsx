/** The rows of an "only if". */
import { Plus, X } from "lucide-react";
import type { Condition, Operator, Row } from "../../backend";
import { t } from "../../locales";
import type { ValueGroup } from "../../workflow/values";
import { flatRows, needsRight, OPERATORS, toSide } from "./conditions";
import { WithPills } from "./fields/TextFields";
import { asText } from "./fields/types";

export function ConditionEditor({
  condition,
  onChange,
  groups,
}: {
  condition: Condition | undefined;
  onChange: (condition: Condition) => void;
  groups: ValueGroup[];
}) {
  const flat = flatRows(condition);
  if (!flat) {
    return (
      <WithPills
        name="only_if"
        inputId="input-only_if"
        label={t("conditions.expression")}
        text={asText(condition)}
        groups={groups}
        onChange={onChange}
      />
    );
  }
  const { join, rows } = flat;
  const change = (next: Row[], how = join) => onChange({ [how]: next });
  return (
    <div className="rows">
      {rows.length > 1 && (
        <select
          className="input"
          data-testid="cond-join"
          aria-label={t("conditions.join")}
          value={join}
          onChange={(event) => change(rows, event.target.value as "all" | "any")}
        >
          <option value="all">{t("conditions.all")}</option>
          <option value="any">{t("conditions.any")}</option>
        </select>
      )}
      {rows.map((row, index) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
          key={index}
          row={row}
          index={index}
          groups={groups}
          onChange={(next) => change(rows.with(index, next))}
          onRemove={() => change(rows.toSpliced(index, 1))}
        />
      ))}
      <button
        type="button"
        className="button small"
        data-testid="cond-add"
        onClick={() => change([...rows, { left: "", is: "contains", right: "" }])}
      >
        <Plus size={14} aria-hidden="true" /> {t("conditions.add")}
      </button>
    </div>
  );
}

function ConditionRow({
  row,
  index,
  groups,
  onChange,
  onRemove,
}: {
  row: Row;
  index: number;
  groups: ValueGroup[];
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const number = index + 1;
  const setOperator = (is: Operator) => {
    const { right, ...rest } = row;
    onChange(needsRight(is) ? { ...rest, is, right: right ?? "" } : { ...rest, is });
  };
  return (
    <div className="condition">
      <WithPills
        name={`cond-left-${index}`}
        inputId={`cond-left-${index}`}
        label={t("conditions.left", { number })}
        placeholder={t("conditions.left_example")}
        text={asText(row.left)}
        groups={groups}
        onChange={(left) => onChange({ ...row, left })}
      />
      <div className="with-buttons">
        <select
          className="input"
          data-testid={`cond-is-${index}`}
          aria-label={t("conditions.is", { number })}
          value={row.is}
          onChange={(event) => setOperator(event.target.value as Operator)}
        >
          {OPERATORS.map((operator) => (
            <option key={operator} value={operator}>
              {t(`operators.${operator}`)}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="icon-button"
          data-testid={`cond-remove-${index}`}
          aria-label={t("conditions.remove", { number })}
          onClick={onRemove}
        >
          <X size={15} />
        </button>
      </div>
      {needsRight(row.is) && (
        <WithPills
          name={`cond-right-${index}`}
          inputId={`cond-right-${index}`}
          label={t("conditions.right", { number })}
          placeholder={t("conditions.right_example")}
          text={asText(row.right)}
          groups={groups}
          onChange={(text) => onChange({ ...row, right: toSide(text) })}
        />
      )}
    </div>
  );
}
