/** A trigger or a step as a sentence: words, and what the person filled in. */
import type { Field } from "../backend";
import { t } from "../locales";
import { parseText } from "./references";

export type SentencePart =
  | { kind: "words"; text: string }
  | { kind: "value"; text: string; field: string }
  | { kind: "missing"; text: string; field: string };

export type LabelOf = (expression: string) => string;

/** `Move {file} to {to}` with the fields' values in place. */
export function toSentence(
  sentence: string,
  fields: Field[],
  filled: Record<string, unknown>,
  labelOf: LabelOf,
): SentencePart[] {
  return sentence
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const field = fields.find((candidate) => `{${candidate.id}}` === piece);
      if (!field) return { kind: "words", text: piece };
      const text = valueText(field, filled[field.id], labelOf);
      if (text !== "") return { kind: "value", text, field: field.id };
      const missing = field.kind === "patterns" ? t("sentence.anything") : field.label.toLowerCase();
      return { kind: field.required ? "missing" : "value", text: missing, field: field.id };
    });
}

const LONGEST = 60;

/** A field's value in a few words; empty when there is none. */
export function valueText(field: Field, value: unknown, labelOf: LabelOf): string {
  const given = value === undefined || value === null || value === "" ? field.default : value;
  if (given === undefined || given === null || given === "") return "";
  switch (field.kind) {
    case "choice":
      return field.choices.find((choice) => choice.value === given)?.label ?? String(given);
    case "yes_no":
      return given ? t("sentence.yes") : t("sentence.no");
    case "folder":
    case "file":
    case "destination":
      return pathText(String(given), labelOf);
    case "patterns":
      return patternsText(Array.isArray(given) ? given : [given]);
    case "record":
      return Object.keys(given as object).join(", ");
    case "inputs":
      return Array.isArray(given)
        ? given
            .map((input) => input?.name ?? "")
            .filter(Boolean)
            .join(", ")
        : "";
    default:
      return shorten(withLabels(String(given), labelOf));
  }
}

function patternsText(patterns: unknown[]): string {
  return patterns.includes("*") ? t("sentence.anything") : patterns.join(", ");
}

function withLabels(text: string, labelOf: LabelOf): string {
  return parseText(text)
    .map((part) => (part.kind === "text" ? part.text : labelOf(part.expression)))
    .join("");
}

/** `~/Invoices/{{ … }}/` reads as `Invoices / month`. */
export function pathText(path: string, labelOf: LabelOf): string {
  const folders = withLabels(path, labelOf).replace(/^~\/?/, "").split("/").filter(Boolean);
  if (folders.length === 0) return path.startsWith("~") ? t("sentence.home_folder") : path;
  return shorten(folders.length > 3 ? ["…", ...folders.slice(-2)].join(" / ") : folders.join(" / "));
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

export function lowerFirst(parts: SentencePart[]): SentencePart[] {
  const [first, ...rest] = parts;
  if (first?.kind !== "words" || first.text.startsWith("I ")) return parts;
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...rest];
}

export function plainText(parts: SentencePart[]): string {
  return parts.map((part) => part.text).join("");
}
