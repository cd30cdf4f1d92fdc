/** Text, long text and numbers: boxes with pills and a button that inserts a value. */

import { Braces } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { t } from "../../../locales";
import { toReference } from "../../../workflow/references";
import { describe, type ValueGroup } from "../../../workflow/values";
import { PillField, type PillHandle } from "../PillField";
import { ValuePicker } from "../ValuePicker";
import { asText, type FieldProps, placeholderOf } from "./types";

export function TextField(props: FieldProps) {
  return <WithPills {...fromField(props)} onChange={props.onChange} />;
}

export function LongTextField(props: FieldProps) {
  return <WithPills {...fromField(props)} onChange={props.onChange} multiline />;
}

export function UrlField(props: FieldProps) {
  return <WithPills {...fromField(props)} onChange={props.onChange} address />;
}

export function NumberField(props: FieldProps) {
  const change = (text: string) => {
    const isNumber = /^-?\d+(\.\d+)?$/.test(text.trim());
    props.onChange(isNumber ? Number(text) : text);
  };
  return <WithPills {...fromField(props)} onChange={change} />;
}

export function fromField({ field, value, groups, inputId, invalid }: FieldProps) {
  return {
    text: asText(value),
    label: field.label,
    name: field.id,
    inputId,
    groups,
    invalid,
    placeholder: placeholderOf(field),
    describedBy: field.help ? `help-${field.id}` : undefined,
  };
}

/** A box with pills. `name` makes the test ids. */
export function WithPills({
  text,
  label,
  name,
  inputId,
  testId = inputId,
  groups,
  invalid = false,
  placeholder,
  describedBy,
  multiline,
  address,
  onChange,
  children,
}: {
  text: string;
  label: string;
  name: string;
  inputId: string;
  testId?: string;
  groups: ValueGroup[];
  invalid?: boolean;
  placeholder?: string;
  describedBy?: string;
  multiline?: boolean;
  address?: boolean;
  onChange: (text: string) => void;
  children?: ReactNode;
}) {
  const field = useRef<PillHandle>(null);
  const [picking, setPicking] = useState(false);
  return (
    <>
      <div className="with-buttons">
        <PillField
          ref={field}
          id={inputId}
          testId={testId}
          value={text}
          onChange={onChange}
          describe={(expression) => describe(groups, expression)}
          label={label}
          placeholder={placeholder}
          describedBy={describedBy}
          multiline={multiline}
          address={address}
          invalid={invalid}
        />
        <span className="field-tools">
          {children}
          <button
            type="button"
            className="button square"
            data-testid={`insert-${name}`}
            aria-label={t("values.insert_into", { field: label })}
            title={t("values.insert")}
            onClick={() => setPicking(true)}
          >
            <Braces size={15} aria-hidden="true" />
          </button>
        </span>
      </div>
      {picking && (
        <ValuePicker
          groups={groups}
          onClose={() => setPicking(false)}
          onPick={(expression) => {
            setPicking(false);
            field.current?.insert(toReference(expression));
          }}
        />
      )}
    </>
  );
}
