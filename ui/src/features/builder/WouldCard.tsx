/** What a step would do with a real example. Nothing is done. */
import type { StepView } from "../../backend";
import { Chip } from "../../components/Chip";
import { t } from "../../locales";
import { triggerOf } from "../../workflow/catalog";
import { TRIGGER } from "../../workflow/edit";
import { sampleText } from "../../workflow/values";
import { labelled } from "../activity/words";
import { useBuilder } from "./context";
import type { ExampleState } from "./useExample";

export function WouldCard({ selected, state }: { selected: string; state: ExampleState }) {
  const { document } = useBuilder();
  if (!document.trigger) return null;
  const step = state.preview?.steps.find((candidate) => candidate.path === selected);
  return (
    <section className="would" data-testid="would" aria-label={t("would.title")}>
      <header className="would-head">
        <SampleSelect state={state} testId="sample-select" />
        <WouldChip selected={selected} step={step} state={state} />
      </header>
      {selected === TRIGGER ? <TriggerExample state={state} /> : <StepWould step={step} state={state} />}
    </section>
  );
}

export function SampleSelect({ state, testId }: { state: ExampleState; testId: string }) {
  if (state.samples.length === 0) return <span className="grow muted">{t("would.no_sample")}</span>;
  return (
    <label className="would-sample">
      <span>{t("would.with")}</span>
      <select
        className="input"
        data-testid={testId}
        value={state.chosen}
        onChange={(event) => state.choose(Number(event.target.value))}
      >
        {state.samples.map((sample, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the newest is always the first
          <option key={index} value={index}>
            {sample.label || t("would.start_now")}
          </option>
        ))}
      </select>
    </label>
  );
}

function WouldChip({
  selected,
  step,
  state,
}: {
  selected: string;
  step: StepView | undefined;
  state: ExampleState;
}) {
  if (selected === TRIGGER) return null;
  if (step?.error) return <Chip tone="bad">{t("would.fails")}</Chip>;
  if (step?.state === "skipped") return <Chip tone="plain">{t("would.skipped")}</Chip>;
  if (step && endsHere(step, state)) return <Chip tone="plain">{t("would.ends_here")}</Chip>;
  if (step) return <Chip tone="good">{t("would.works")}</Chip>;
  return state.preview ? <Chip tone="plain">{t("would.not_reached")}</Chip> : null;
}

export function StepWould({ step, state }: { step: StepView | undefined; state: ExampleState }) {
  const { document, catalog } = useBuilder();
  if (!step) {
    const reason =
      state.failure || (state.preview ? (state.preview.reason ?? t("would.not_reached_why")) : "");
    return reason ? (
      <p className="would-text muted" data-testid="would-error">
        {reason}
      </p>
    ) : null;
  }
  if (step.error) {
    return (
      <p className="would-text problem" data-testid="would-error">
        {step.error.message} {step.error.hint}
      </p>
    );
  }
  const inDocument = document.steps.find((candidate) => candidate.id === step.path);
  if (endsHere(step, state)) {
    return (
      <p className="would-text" data-testid="would-summary">
        {state.preview?.reason}
      </p>
    );
  }
  const rows = step.would
    ? Object.entries(step.would.details)
    : labelled(catalog, inDocument, step.output).map(({ label, text }): [string, string] => [label, text]);
  return (
    <>
      <p className="would-text" data-testid="would-summary">
        {step.would?.summary ?? (rows.length > 0 ? t("would.gives") : t("would.no_effect"))}
      </p>
      <Rows rows={rows} />
    </>
  );
}

/** Whether this is the condition that ends the run. */
function endsHere(step: StepView, state: ExampleState): boolean {
  return state.preview?.outcome === "filtered" && state.preview.steps.at(-1)?.path === step.path;
}

export function Rows({ rows }: { rows: [string, string][] }) {
  if (rows.length === 0) return null;
  return (
    <dl className="kv">
      {rows.map(([label, text]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function TriggerExample({ state }: { state: ExampleState }) {
  const { catalog, document } = useBuilder();
  const gives = triggerOf(catalog, document)?.info.gives ?? [];
  const rows = gives
    .map((output): [string, string] => [output.label, sampleText(state.example.event[output.id])])
    .filter(([, text]) => text !== "");
  return <Rows rows={rows} />;
}
