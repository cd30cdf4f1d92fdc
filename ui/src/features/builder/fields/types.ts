/** What each field component gets. */
import type { Field } from "../../../backend";
import type { ValueGroup } from "../../../workflow/values";

export type FieldProps = {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  groups: ValueGroup[];
  inputId: string;
  invalid: boolean;
  /** The trigger or step it belongs to; nothing outside of workflows. */
  at?: string;
};

/** A value as the text in a box. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What an empty box says: the default, else the example. */
export function placeholderOf(field: Field): string {
  return typeof field.default === "string" && field.default !== "" ? field.default : field.example;
}
