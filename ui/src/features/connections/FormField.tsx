/** One thing to fill in for a connection. There are no values of steps to insert here. */
import type { Field } from "../../backend";
import { RequiredMark } from "../../components/AskInputs";
import { t } from "../../locales";
import { FIELD_COMPONENTS } from "../builder/fields";
import { asText, placeholderOf } from "../builder/fields/types";

/** Kinds whose component needs nothing of a workflow. */
const AS_IN_WORKFLOWS = new Set<Field["kind"]>(["choice", "yes_no", "secret", "duration", "time", "days"]);

export function FormField({
  field,
  value,
  isKept,
  onChange,
}: {
  field: Field;
  value: unknown;
  isKept: boolean;
  onChange: (value: unknown) => void;
}) {
  const inputId = `connection-input-${field.id}`;
  return (
    <div className="field" data-testid={`connection-field-${field.id}`}>
      <label htmlFor={inputId}>
        {field.label} {field.required && !isKept && <RequiredMark />}
      </label>
      <FormInput
        field={isKept ? { ...field, example: t("secret.kept") } : field}
        value={value}
        inputId={inputId}
        onChange={onChange}
      />
      {field.help && (
        <p className="help" id={`help-${inputId}`}>
          {isKept ? t("secret.replace_help") : field.help}
        </p>
      )}
    </div>
  );
}

function FormInput({
  field,
  value,
  inputId,
  onChange,
}: {
  field: Field;
  value: unknown;
  inputId: string;
  onChange: (value: unknown) => void;
}) {
  const shared = {
    id: inputId,
    className: "input",
    "data-testid": inputId,
    "aria-describedby": field.help ? `help-${inputId}` : undefined,
    placeholder: placeholderOf(field),
    spellCheck: false,
    value: asText(value),
  };
  if (AS_IN_WORKFLOWS.has(field.kind)) {
    const Component = FIELD_COMPONENTS[field.kind];
    return (
      <Component
        field={field}
        value={value}
        onChange={onChange}
        groups={[]}
        inputId={inputId}
        invalid={false}
      />
    );
  }
  if (field.kind === "long_text")
    return <textarea {...shared} rows={4} onChange={(event) => onChange(event.target.value)} />;
  const type = field.kind === "number" ? "number" : field.kind === "url" ? "url" : "text";
  return <input {...shared} type={type} onChange={(event) => onChange(event.target.value)} />;
}
