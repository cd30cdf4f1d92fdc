/** Any value as something to be edited: its kind, and the value when another kind is chosen. */
export const JSON_KINDS = ["text", "number", "yes_no", "record", "list", "nothing"] as const;
export type JsonKind = (typeof JSON_KINDS)[number];

export function jsonKind(value: unknown): JsonKind {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  const kinds = { number: "number", boolean: "yes_no", object: "record" } as const;
  return kinds[typeof value as keyof typeof kinds] ?? "text";
}

/** The value as this kind, keeping what can be kept. */
export function toKind(value: unknown, kind: JsonKind): unknown {
  switch (kind) {
    case "text":
      return typeof value === "object" || value === undefined ? "" : String(value);
    case "number":
      return Number.isFinite(Number(value)) && value !== null && typeof value !== "object"
        ? Number(value)
        : 0;
    case "yes_no":
      return value === true || value === "true";
    case "record":
      return Array.isArray(value) ? Object.fromEntries(value.map((one, at) => [`value${at + 1}`, one])) : {};
    case "list":
      return jsonKind(value) === "record" ? Object.values(value as object) : isBlank(value) ? [] : [value];
    case "nothing":
      return null;
  }
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Text that is a whole record or list, pasted as such; undefined for any other text. */
export function pastedJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text) || /^\s*\{\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
