/** The values a step can reference, with what people call them and what they are in an example. */
import type { ConnectorInfo, Output, ValueKind, Workflow } from "../backend";
import { t } from "../locales";
import { actionOf, askedInputs, type Catalog, triggerOf } from "./catalog";
import { formatDate, splitExpression } from "./references";

export type Value = { expression: string; label: string; kind: ValueKind; sample: unknown };
export type ValueGroup = { label: string; connector?: ConnectorInfo; values: Value[] };

/** An example: the event's payload and the results of steps by id. */
export type Example = { event: Record<string, unknown>; results: Record<string, unknown> };

export const NO_EXAMPLE: Example = { event: {}, results: {} };

const INPUT_KINDS: Record<string, ValueKind> = {
  number: "number",
  yes_no: "yes_no",
  date: "date",
  file: "file",
  folder: "folder",
  list: "list",
  record: "record",
};

/** Values of the trigger, of the steps before `before`, and those that are always there. */
export function valuesBefore(
  catalog: Catalog,
  document: Workflow,
  before: number,
  example: Example,
): ValueGroup[] {
  const groups = [triggerValues(catalog, document, example)];
  document.steps.slice(0, before).forEach((step, index) => {
    const result = (example.results[step.id] ?? {}) as Record<string, unknown>;
    const action = actionOf(catalog, step);
    const outputs = action
      ? action.info.gives
      : Object.keys(step.set ?? {}).map((id) => ({ id, label: id, kind: "text" as const }));
    groups.push({
      label: `${index + 1} · ${step.name || action?.info.name || t("builder.kinds.set")}`,
      connector: action?.connector,
      values: outputs.flatMap((output) =>
        withInner({
          expression: `steps.${step.id}.${output.id}`,
          label: output.label,
          kind: output.kind,
          sample: result[output.id] ?? sampleOf(action?.info.sample, output.id),
        }),
      ),
    });
  });
  groups.push(generalValues(document));
  return groups.filter((group) => group.values.length > 0);
}

function triggerValues(catalog: Catalog, document: Workflow, example: Example): ValueGroup {
  const trigger = triggerOf(catalog, document);
  const inputs = askedInputs(catalog, document).map((input) => ({
    id: input.name,
    label: input.name,
    kind: INPUT_KINDS[input.kind] ?? ("text" as const),
  }));
  const known = [...(trigger?.info.gives ?? []), ...inputs];
  return {
    label: trigger?.info.name ?? "",
    connector: trigger?.connector,
    values: [...unnamed(example.event, known), ...known].flatMap((output) =>
      withInner({
        expression: referencePath("trigger", output.id),
        label: output.label,
        kind: output.kind,
        sample: example.event[output.id] ?? sampleOf(trigger?.info.sample, output.id),
      }),
    ),
  };
}

/** What an event holds besides what its trigger says: the fields of an item from elsewhere. */
function unnamed(event: Record<string, unknown>, known: { id: string }[]): Output[] {
  return Object.keys(event)
    .filter((id) => !known.some((output) => output.id === id))
    .slice(0, MOST_INNER)
    .map((id) => ({ id, label: id.replaceAll("_", " "), kind: kindOf(event[id]) }));
}

const DEEPEST = 3;
const MOST_INNER = 40;

/** A record's own values can be referenced too, as far as the example shows them. */
function withInner(value: Value, depth = 0): Value[] {
  const { sample } = value;
  if (depth >= DEEPEST || typeof sample !== "object" || sample === null || Array.isArray(sample))
    return [value];
  const inner = Object.entries(sample).slice(0, MOST_INNER);
  return [
    value,
    ...inner.flatMap(([id, entry]) =>
      withInner(
        {
          expression: referencePath(value.expression, id),
          label: `${value.label}: ${id.replaceAll("_", " ")}`,
          kind: kindOf(entry),
          sample: entry,
        },
        depth + 1,
      ),
    ),
  ];
}

function kindOf(value: unknown): ValueKind {
  if (Array.isArray(value)) return "list";
  const kinds = { number: "number", boolean: "yes_no", object: "record" } as const;
  return kinds[typeof value as keyof typeof kinds] ?? "text";
}

/** Names with spaces can't follow a dot. */
function referencePath(parent: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `${parent}.${name}` : `${parent}[${JSON.stringify(name)}]`;
}

function sampleOf(sample: unknown, id: string): unknown {
  return (sample as Record<string, unknown> | null | undefined)?.[id];
}

function generalValues(document: Workflow): ValueGroup {
  const now = new Date();
  const dated = (format: string, label: string): Value => ({
    expression: `now | date('${format}')`,
    label,
    kind: "text",
    sample: formatDate(`date('${format}')`, now),
  });
  return {
    label: t("values.general"),
    values: [
      { expression: "now", label: t("values.now"), kind: "date", sample: now.toISOString() },
      dated("%Y-%m-%d", t("values.today")),
      dated("%Y-%m", t("values.month")),
      dated("%Y", t("values.year")),
      { expression: "workflow.name", label: t("values.workflow_name"), kind: "text", sample: document.name },
    ],
  };
}

/** What a pill says: a label and, where known, the example's value. */
export type Described = { label: string; sample: string };

export function describe(groups: ValueGroup[], expression: string): Described {
  const all = groups.flatMap((group) => group.values);
  const exact = all.find((value) => value.expression === expression);
  if (exact) return { label: exact.label, sample: sampleText(exact.sample) };
  const split = splitExpression(expression);
  const base = split && all.find((value) => value.expression === split.path);
  if (!split || !base) return { label: readable(expression), sample: "" };
  const time = typeof base.sample === "string" ? new Date(base.sample) : new Date(Number.NaN);
  const sample = Number.isNaN(time.getTime()) ? "" : (formatDate(split.filters, time) ?? "");
  return { label: base.label, sample };
}

/** The last word of a path, for values nobody described. */
function readable(expression: string): string {
  const path = splitExpression(expression)?.path ?? expression;
  return (path.split(".").pop() ?? path).replaceAll("_", " ");
}

const LONGEST = 40;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });

/** A list's values, or a record's with their names. */
function insideText(sample: object): string {
  if (Array.isArray(sample)) return sample.map(insideOne).join(", ");
  return Object.entries(sample)
    .map(([name, value]) => `${name}: ${insideOne(value)}`)
    .join(", ");
}

function insideOne(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function sampleText(sample: unknown): string {
  if (sample === undefined || sample === null) return "";
  if (typeof sample === "string" && TIME.test(sample)) return times.format(new Date(sample));
  const text = typeof sample === "object" ? insideText(sample) : String(sample);
  const name =
    text.startsWith("/") || text.startsWith("~/") ? (text.split("/").filter(Boolean).pop() ?? text) : text;
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
