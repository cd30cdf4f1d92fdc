/** Texts with `{{ references }}`: into parts and back. The text is the truth. */
import type { Step, Workflow } from "../backend";

export type Part = { kind: "text"; text: string } | { kind: "reference"; expression: string; source: string };

const REFERENCE = /\{\{((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?!\}\}|\{\{)[\s\S])*?)\}\}/g;

export function parseText(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push({ kind: "reference", expression: (match[1] ?? "").trim(), source: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** `steps.a.name | upper` is the path `steps.a.name` and the filters `upper`. */
export function splitExpression(expression: string): { path: string; filters: string } | null {
  const match = /^([A-Za-z_]\w*(?:\.\w+)*)\s*(?:\|\s*(.+))?$/s.exec(expression);
  return match ? { path: match[1] ?? "", filters: match[2] ?? "" } : null;
}

/** The steps that use what another one gives. */
export function usersOf({ steps }: Workflow, id: string): Step[] {
  const used = new RegExp(`\\bsteps\\.${id}\\b`);
  return steps.filter((step) => step.id !== id && used.test(JSON.stringify(step)));
}

export function toReference(expression: string): string {
  return `{{ ${expression} }}`;
}

/** The part of a destination that stays when another folder is chosen: from the first reference's folder on. */
export function afterLiteralFolder(text: string): string {
  const first = parseText(text)[0];
  if (!first) return "";
  if (first.kind === "reference") return text;
  if (first.text.length === text.length) return "";
  return text.slice(first.text.lastIndexOf("/") + 1);
}

/** A destination in the chosen folder. */
export function inFolder(folder: string, text: string): string {
  return `${folder.replace(/\/+$/, "")}/${afterLiteralFolder(text)}`;
}

/** Whether a destination begins with a folder that a person named. */
export function beginsWithFolder(text: string): boolean {
  const first = parseText(text)[0];
  return first?.kind === "text" && /^(~|\/|[A-Za-z]:)/.test(first.text);
}

/** Whether an address only shows what one looks like: those names are reserved for examples. */
export function isExampleAddress(text: string): boolean {
  return /^https?:\/\/([\w-]+\.)*example\.(com|org|net)([:/?#]|$)/i.test(text.trim());
}

/** Absolute paths below home are shown and kept with `~`. */
export function shortPath(path: string, home: string): string {
  if (path === home) return "~";
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

const CODES: Record<string, (time: Date) => string> = {
  Y: (time) => String(time.getFullYear()),
  y: (time) => String(time.getFullYear()).slice(2),
  m: (time) => String(time.getMonth() + 1).padStart(2, "0"),
  d: (time) => String(time.getDate()).padStart(2, "0"),
  H: (time) => String(time.getHours()).padStart(2, "0"),
  M: (time) => String(time.getMinutes()).padStart(2, "0"),
  S: (time) => String(time.getSeconds()).padStart(2, "0"),
};

/** The sample of `now | date('…')`; undefined when the format has codes not known here. */
export function formatDate(filters: string, time: Date): string | undefined {
  const format = /^date\(\s*['"]([^'"]*)['"]\s*\)$/.exec(filters.trim())?.[1];
  if (format === undefined) return undefined;
  let known = true;
  const text = format.replace(/%(.)/g, (_, code: string) => {
    const make = CODES[code];
    known &&= make !== undefined;
    return make?.(time) ?? "";
  });
  return known ? text : undefined;
}
