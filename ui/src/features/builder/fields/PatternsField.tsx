/** File name patterns, separated by commas. */
import { PlainBox } from "./PlainBox";
import { asText, type FieldProps } from "./types";

export function PatternsField(props: FieldProps) {
  const { value, onChange } = props;
  const text = Array.isArray(value) ? value.join(", ") : value;
  return <PlainBox {...props} value={text} onChange={(next) => onChange(toPatterns(asText(next)))} />;
}

function toPatterns(text: string): string | string[] {
  return text.includes(",") ? text.split(",").map((pattern) => pattern.trimStart()) : text;
}
