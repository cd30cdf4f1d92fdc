/** Conditions as rows that the screen can edit. */
import type { Condition, Entry, Group, Operator, Row } from "../../backend";

export const OPERATORS: Operator[] = [
  "contains",
  "does not contain",
  "equal to",
  "not equal to",
  "starts with",
  "ends with",
  "matches",
  "is one of",
  "is empty",
  "is not empty",
  "greater than",
  "at least",
  "less than",
  "at most",
  "before",
  "after",
  "is true",
  "is false",
];

const ONE_SIDED: Operator[] = ["is empty", "is not empty", "is true", "is false"];

export const needsRight = (operator: Operator) => !ONE_SIDED.includes(operator);

export function isGroup(condition: Condition | undefined): condition is Group {
  return typeof condition === "object";
}

export function isRow(entry: Entry): entry is Row {
  return "is" in entry;
}

/** The flat rows of a condition; null when it is an expression or nested, which stays as it is. */
export function flatRows(condition: Condition | undefined): { join: "all" | "any"; rows: Row[] } | null {
  if (!isGroup(condition)) return null;
  const rows = condition.all ?? condition.any ?? [];
  return rows.every(isRow) ? { join: condition.any ? "any" : "all", rows } : null;
}

/** What stands in the document for a side: numbers as numbers. */
export function toSide(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}
