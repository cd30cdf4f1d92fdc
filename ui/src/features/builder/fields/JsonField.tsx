/** Any value: text, a number, a record or a list, one inside the other. What it is stays what it is. */
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Switch } from "../../../components/Switch";
import { t } from "../../../locales";
import { JSON_KINDS, type JsonKind, jsonKind, pastedJson, toKind } from "../../../workflow/json";
import type { ValueGroup } from "../../../workflow/values";
import { WithPills } from "./TextFields";
import { asText, type FieldProps, placeholderOf } from "./types";

export function JsonField({ field, value, onChange, groups, inputId, invalid }: FieldProps) {
  return (
    <JsonEditor
      name={field.id}
      inputId={inputId}
      label={field.label}
      value={value ?? ""}
      placeholder={placeholderOf(field)}
      groups={groups}
      invalid={invalid}
      onChange={onChange}
    />
  );
}

type Props = {
  name: string;
  inputId: string;
  label: string;
  value: unknown;
  placeholder?: string;
  groups: ValueGroup[];
  invalid?: boolean;
  onChange: (value: unknown) => void;
};

function JsonEditor(props: Props) {
  return (
    <div className="json">
      <KindSelect {...props} />
      <JsonValue {...props} kind={jsonKind(props.value)} />
    </div>
  );
}

function KindSelect({ name, label, value, onChange }: Props) {
  return (
    <select
      className="input json-kind"
      aria-label={t("json.kind", { name: label })}
      data-testid={`kind-${name}`}
      value={jsonKind(value)}
      onChange={(event) => onChange(toKind(value, event.target.value as JsonKind))}
    >
      {JSON_KINDS.map((one) => (
        <option key={one} value={one}>
          {t(`json.kinds.${one}`)}
        </option>
      ))}
    </select>
  );
}

/** An entry of a record or a list: who it is and its kind in one line, its value below. */
function JsonEntry({
  who,
  remove,
  onRemove,
  ...props
}: Props & { who: ReactNode; remove: string; onRemove: () => void }) {
  return (
    <div className="json json-entry">
      <div className="json-head">
        {who}
        <KindSelect {...props} />
        <button
          type="button"
          className="icon-button"
          aria-label={remove}
          data-testid={`json-${props.name}-remove`}
          onClick={onRemove}
        >
          <X size={15} />
        </button>
      </div>
      <JsonValue {...props} kind={jsonKind(props.value)} />
    </div>
  );
}

function JsonValue({ kind, ...props }: Props & { kind: JsonKind }) {
  const { name, inputId, label, value, onChange } = props;
  switch (kind) {
    case "record":
      return <Entries {...props} />;
    case "list":
      return <Items {...props} />;
    case "number":
      return (
        <input
          id={inputId}
          className="input"
          type="number"
          step="any"
          aria-label={label}
          data-testid={inputId}
          value={String(value)}
          onChange={(event) => event.target.value !== "" && onChange(Number(event.target.value))}
        />
      );
    case "yes_no":
      return (
        <Switch id={inputId} label={label} testId={inputId} checked={value === true} onChange={onChange} />
      );
    case "nothing":
      return <p className="help">{t("json.nothing")}</p>;
    case "text":
      return (
        <WithPills
          name={name}
          inputId={inputId}
          label={label}
          text={asText(value)}
          groups={props.groups}
          invalid={props.invalid}
          placeholder={props.placeholder}
          multiline
          onChange={(text) => onChange(pastedJson(text) ?? text)}
        />
      );
  }
}

type Entry = [string, unknown];

function Entries({ name, inputId, label, value, groups, onChange }: Props) {
  const kept = Object.entries((value ?? {}) as Record<string, unknown>);
  // Entries without a name, or with a name twice, can't be in the document yet.
  const [typed, setTyped] = useState<{ kept: string; rows: Entry[] }>({ kept: "", rows: [] });
  const rows = typed.kept === JSON.stringify(kept) ? typed.rows : kept;
  const change = (next: Entry[]) => {
    const record = Object.fromEntries(next.filter(([key]) => key !== ""));
    setTyped({ kept: JSON.stringify(Object.entries(record)), rows: next });
    onChange(record);
  };
  return (
    <fieldset className="rows json-inner" aria-label={label}>
      {rows.map(([key, entry], index) => (
        <JsonEntry
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other identity while their names are typed
          key={index}
          who={
            <input
              className="input"
              aria-label={t("record.name", { number: index + 1 })}
              placeholder={t("record.name_example")}
              data-testid={`json-${name}-key-${index}`}
              value={key}
              onChange={(event) => change(rows.with(index, [event.target.value, entry]))}
            />
          }
          remove={t("record.remove", { name: key || index + 1 })}
          onRemove={() => change(rows.toSpliced(index, 1))}
          name={`${name}-${index}`}
          inputId={`json-${name}-value-${index}`}
          label={t("record.value", { name: key || index + 1 })}
          placeholder={t("record.value_example")}
          value={entry}
          groups={groups}
          onChange={(next) => change(rows.with(index, [key, next]))}
        />
      ))}
      <AddButton
        id={inputId}
        testId={`json-${name}-add`}
        text={t("record.add")}
        onClick={() => change([...rows, ["", ""]])}
      />
    </fieldset>
  );
}

function Items({ name, inputId, label, value, groups, onChange }: Props) {
  const items = value as unknown[];
  return (
    <fieldset className="rows json-inner" aria-label={label}>
      {items.map((entry, index) => (
        <JsonEntry
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other identity
          key={index}
          who={<span className="small muted grow">{t("json.item", { number: index + 1 })}</span>}
          remove={t("list.remove", { number: index + 1 })}
          onRemove={() => onChange(items.toSpliced(index, 1))}
          name={`${name}-${index}`}
          inputId={`json-${name}-value-${index}`}
          label={t("json.item", { number: index + 1 })}
          placeholder={t("record.value_example")}
          value={entry}
          groups={groups}
          onChange={(next) => onChange(items.with(index, next))}
        />
      ))}
      <AddButton
        id={inputId}
        testId={`json-${name}-add`}
        text={t("list.add")}
        onClick={() => onChange([...items, ""])}
      />
    </fieldset>
  );
}

function AddButton({
  id,
  testId,
  text,
  onClick,
}: {
  id: string;
  testId: string;
  text: string;
  onClick: () => void;
}) {
  return (
    <button type="button" className="button small" id={id} data-testid={testId} onClick={onClick}>
      <Plus size={14} aria-hidden="true" /> {text}
    </button>
  );
}
