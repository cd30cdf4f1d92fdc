/** A trigger or a step as a sentence: words, and what the person filled in. */
import type { Field, FieldKind } from "../backend";
import { t } from "../locales";
import { cronText } from "./cron";
import { daysText } from "./days";
import { lengthText } from "./lengths";
import { styleOf } from "./paging";
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
      const missing = WHEN_EMPTY[field.kind]?.() ?? field.label.toLowerCase();
      return { kind: field.required ? "missing" : "value", text: missing, field: field.id };
    });
}

const LONGEST = 60;
const times = new Intl.ListFormat("en", { type: "conjunction" });

/** What an empty field of such a kind means. */
const WHEN_EMPTY: Partial<Record<FieldKind, () => string>> = {
  patterns: () => t("sentence.anything"),
  days: () => t("days.every"),
  time_zone: () => t("zones.own"),
};

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** A field's value in a few words; empty when there is none. */
export function valueText(field: Field, value: unknown, labelOf: LabelOf): string {
  const given = isEmpty(value) ? field.default : value;
  if (isEmpty(given)) return "";
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
    case "duration":
      return lengthText(given);
    case "time":
      return times.format([given].flat().map(String));
    case "days":
      return daysText(given);
    case "cron":
      return cronText(String(given)).replace(/^at /, "") || String(given);
    case "url":
      return shorten(withLabels(String(given), labelOf).replace(/^https?:\/\//, ""));
    case "json":
      return jsonText(given, labelOf);
    case "list":
      return shorten(
        [given]
          .flat()
          .map((entry) => jsonText(entry, labelOf))
          .join(", "),
      );
    case "paging":
      return pagingText(given);
    case "secret":
      return t("sentence.secret");
    default:
      return shorten(withLabels(String(given), labelOf));
  }
}

function jsonText(value: unknown, labelOf: LabelOf): string {
  if (Array.isArray(value)) return t("sentence.list", { count: value.length });
  if (typeof value === "object" && value !== null) return shorten(Object.keys(value).join(", "));
  return shorten(withLabels(String(value), labelOf));
}

function pagingText(value: unknown): string {
  const style = styleOf(value);
  return style ? t(`paging.styles.${style}`) : "";
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
