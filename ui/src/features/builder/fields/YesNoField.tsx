/** Yes or no. */
import { Switch } from "../../../components/Switch";
import type { FieldProps } from "./types";

export function YesNoField({ field, value, onChange, inputId }: FieldProps) {
  const checked = (value ?? field.default) === true;
  return <Switch id={inputId} label={field.label} testId={inputId} checked={checked} onChange={onChange} />;
}
