/** Whether two documents say the same, however the host wrote them down. */
import type { Workflow } from "../backend";

/** Publishing drops what only a template needs, so that says nothing. */
export function isSame(one: Workflow, other: Workflow): boolean {
  return plain({ ...one, template: undefined }) === plain({ ...other, template: undefined });
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_, part) => (isRecord(part) ? inOrder(part) : part));
}

/** Fields in one order, without those that say nothing: the engine leaves them out. */
function inOrder(record: Record<string, unknown>): Record<string, unknown> {
  const said = Object.entries(record).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0)
  );
}
