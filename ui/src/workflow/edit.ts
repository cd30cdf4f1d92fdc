/** The only way a document changes: `apply(document, edit)` gives the next one and leaves the old as it was. */
import type { ActionInfo, Field, Missed, Step, Trigger, TriggerInfo, Workflow } from "../backend";
import type { Known } from "./catalog";
import { toReference } from "./references";

/** `trigger`, or a step's id. */
export type Where = string;
export const TRIGGER: Where = "trigger";

export type Edit =
  | { type: "rename"; name: string }
  | { type: "set_trigger"; trigger: Trigger }
  | { type: "set_field"; at: Where; field: string; value: unknown }
  | { type: "set_fields"; at: Where; fields: Record<string, unknown> }
  | { type: "set_using"; at: Where; name: string }
  | { type: "set_missed"; rule: Missed | undefined }
  | { type: "add_step"; index: number; step: Step }
  | { type: "change_step"; id: string; change: Partial<Step> }
  | { type: "remove_step"; id: string }
  | { type: "move_step"; id: string; by: -1 | 1 }
  | { type: "duplicate_step"; id: string };

export function apply(document: Workflow, edit: Edit): Workflow {
  switch (edit.type) {
    case "rename":
      return { ...document, name: edit.name };
    case "set_trigger":
      return withoutBlanks({ ...document, trigger: edit.trigger }, "trigger.");
    case "set_field":
      return setField(document, edit.at, edit.field, edit.value);
    case "set_fields":
      return Object.entries(edit.fields).reduce(
        (before, [field, value]) => setField(before, edit.at, field, value),
        document,
      );
    case "set_using":
      return setUsing(document, edit.at, edit.name || undefined);
    case "set_missed":
      return setMissed(document, edit.rule);
    case "add_step":
      return { ...document, steps: document.steps.toSpliced(edit.index, 0, edit.step) };
    case "change_step":
      return changeStep(document, edit.id, (step) => withoutUndefined({ ...step, ...edit.change }));
    case "remove_step":
      return withoutBlanks(
        { ...document, steps: document.steps.filter((step) => step.id !== edit.id) },
        `steps.${edit.id}.`,
      );
    case "move_step":
      return { ...document, steps: moved(document.steps, edit.id, edit.by) };
    case "duplicate_step":
      return { ...document, steps: document.steps.flatMap((step) => copies(document, step, edit.id)) };
  }
}

function copies(document: Workflow, step: Step, id: string): Step[] {
  if (step.id !== id) return [step];
  return [step, { ...structuredClone(step), id: freeId(document, step.id) }];
}

function moved(steps: Step[], id: string, by: -1 | 1): Step[] {
  const from = steps.findIndex((step) => step.id === id);
  const step = steps[from];
  const to = from + by;
  if (!step || to < 0 || to >= steps.length) return steps;
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}

function changeStep(document: Workflow, id: string, change: (step: Step) => Step): Workflow {
  return { ...document, steps: document.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

function setField(document: Workflow, at: Where, field: string, value: unknown): Workflow {
  const fill = (filled: Record<string, unknown> | undefined) =>
    withoutUndefined({ ...filled, [field]: value === "" ? undefined : value });
  const place = `${at === TRIGGER ? "trigger" : `steps.${at}`}.with.${field}`;
  const next =
    at === TRIGGER
      ? document.trigger && {
          ...document,
          trigger: { ...document.trigger, with: fill(document.trigger.with) },
        }
      : changeStep(document, at, (step) => ({ ...step, with: fill(step.with) }));
  return next ? withoutBlanks(next, place) : document;
}

/** Settings without anything in them don't stand in a document. */
function setMissed(document: Workflow, missed: Missed | undefined): Workflow {
  const { settings, ...rest } = document;
  const next = withoutUndefined({ ...settings, missed });
  return Object.keys(next).length > 0 ? { ...rest, settings: next } : rest;
}

function setUsing(document: Workflow, at: Where, using: string | undefined): Workflow {
  if (at !== TRIGGER) return changeStep(document, at, (step) => withoutUndefined({ ...step, using }));
  return document.trigger
    ? { ...document, trigger: withoutUndefined({ ...document.trigger, using }) }
    : document;
}

/** A blank that was filled, or whose step is gone, is one no more. */
function withoutBlanks(document: Workflow, beginning: string): Workflow {
  const { template, ...rest } = document;
  if (!template) return document;
  const blanks = template.blanks.filter((blank) => blank !== beginning && !blank.startsWith(beginning));
  return blanks.length > 0 ? { ...rest, template: { ...template, blanks } } : rest;
}

export function freeId(document: Workflow, wanted: string): string {
  const base =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9_]+/g, "_")
      .replace(/^[^a-z]+|_\d+$/g, "") || "step";
  const taken = new Set(document.steps.map((step) => step.id));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(id)) return id;
  }
}

export function newTrigger(trigger: Known<TriggerInfo>): Trigger {
  return { on: trigger.info.id };
}

/** A step for this action, with what usually fits already put in. */
export function newStep(document: Workflow, action: Known<ActionInfo>, gives: string[]): Step {
  const filled = action.info.fields
    .filter((field: Field) => field.suggest !== "" && gives.includes(field.suggest))
    .map((field: Field) => [field.id, toReference(field.suggest)]);
  const id = freeId(document, action.info.id.split(".").pop() ?? action.info.id);
  return { id, do: action.info.id, with: Object.fromEntries(filled) };
}

/** Steps that belong to no connector. */
export type OwnKind = "only_if" | "set" | "stop";
export const OWN_KINDS: OwnKind[] = ["only_if", "set", "stop"];

export function newOwnStep(document: Workflow, kind: OwnKind): Step {
  const id = freeId(document, kind);
  switch (kind) {
    case "only_if":
      return { id, only_if: { all: [{ left: "", is: "contains", right: "" }] } };
    case "set":
      return { id, set: {} };
    case "stop":
      return { id, stop: { reason: "", as: "done" } };
  }
}
