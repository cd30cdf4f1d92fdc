/** Runs and steps in words. */
import type { Field, RunDetail, RunSummary, Step, StepState, StepView } from "../../backend";
import type { Tone } from "../../components/Chip";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { actionOf } from "../../workflow/catalog";
import { shortPath } from "../../workflow/references";
import type { SentencePart } from "../../workflow/sentence";
import { stepSentence } from "../builder/sentences";

export function runWord(run: RunSummary): { tone: Tone; text: string } {
  if (run.state === "attention") return { tone: "warn", text: t("runs.states.attention") };
  if (run.state !== "done") return { tone: "live", text: t(`runs.states.${run.state}`) };
  const outcome = run.outcome ?? "ok";
  const tone = {
    ok: "good",
    ok_with_skips: "good",
    filtered: "plain",
    failed: "bad",
    cancelled: "plain",
  } as const;
  return { tone: tone[outcome], text: t(`runs.outcomes.${outcome}`) };
}

const STEP_TONES: Partial<Record<StepState, Tone>> = {
  succeeded: "good",
  failed: "bad",
  unknown: "warn",
  skipped: "plain",
  cancelled: "plain",
};

export function stepWord(state: StepState): { tone: Tone; text: string } {
  return { tone: STEP_TONES[state] ?? "live", text: t(`runs.steps.${state}`) };
}

export function stepOf(run: RunDetail, view: StepView): { step: Step | undefined; index: number } {
  const id = view.path.split("/").pop() ?? view.path;
  const index = run.document.steps.findIndex((step) => step.id === id);
  return { step: run.document.steps[index], index };
}

/** The step's sentence with the values it really had. */
export function stepParts(catalog: Catalog, run: RunDetail, view: StepView): SentencePart[] {
  const { step, index } = stepOf(run, view);
  if (!step) return [{ kind: "words", text: view.path }];
  const hasInput = typeof view.input === "object" && view.input !== null && !Array.isArray(view.input);
  return stepSentence(
    catalog,
    run.document,
    index,
    hasInput ? (view.input as Record<string, unknown>) : undefined,
  );
}

/** The same run with paths below home as people write them. */
export function withShortPaths(run: RunDetail, home: string): RunDetail {
  const short = (value: unknown): unknown => {
    if (typeof value === "string") return shortPath(value, home);
    if (Array.isArray(value)) return value.map(short);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, short(entry)]));
  };
  const steps = run.steps.map((view) => ({ ...view, input: short(view.input), output: short(view.output) }));
  return { ...run, steps };
}

export type LabelledValue = { key: string; label: string; text: string };

/** A step's input or output with the labels of its fields. */
export function labelled(catalog: Catalog, step: Step | undefined, value: unknown): LabelledValue[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) return [{ key: "", label: "", text: asText(value) }];
  const action = step && actionOf(catalog, step);
  const known = [...(action?.info.fields ?? []), ...(action?.info.gives ?? [])];
  return Object.entries(value)
    .filter(([, entry]) => entry !== null && entry !== "")
    .map(([key, entry]) => ({
      key,
      label: known.find((candidate) => candidate.id === key)?.label ?? key.replaceAll("_", " "),
      text: choiceLabel(action?.info.fields, key, entry) ?? asText(entry),
    }));
}

function choiceLabel(fields: Field[] | undefined, key: string, value: unknown): string | undefined {
  const field = fields?.find((candidate) => candidate.id === key);
  return field?.choices.find((choice) => choice.value === value)?.label;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

/** The step that waits for a person's answer. */
export function openStep(run: RunDetail): StepView | undefined {
  if (run.state !== "attention") return undefined;
  return (
    run.steps.find((view) => view.state === "unknown") ??
    run.steps.findLast((view) => view.state === "failed")
  );
}
