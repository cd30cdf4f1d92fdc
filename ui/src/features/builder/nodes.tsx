/** What stands on the canvas: the trigger's and steps' cards, and the `+` between them. */
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { CircleAlert, Plus, Zap } from "lucide-react";
import { Sentence } from "../../components/Sentence";
import { KindTile, Tile } from "../../components/Tile";
import { t } from "../../locales";
import { actionOf, triggerOf } from "../../workflow/catalog";
import { TRIGGER } from "../../workflow/edit";
import { problemsAt, useBuilder } from "./context";
import { stepSentence, stepTitle, triggerSentence } from "./sentences";

export type CardData = {
  selected: boolean;
  onSelect: (id: string, field?: string) => void;
  onFocus: () => void;
};

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className="wire-end" />
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="wire-end" />
    </>
  );
}

export function CardNode({ id, data }: NodeProps) {
  const card = data as CardData;
  return (
    <>
      {id === TRIGGER ? <TriggerCard card={card} /> : <StepCard id={id} card={card} />}
      <Ends />
    </>
  );
}

/** Fields of a place that a template left to fill in. */
function useBlanks(place: string): string[] {
  const { document } = useBuilder();
  const beginning = `${place}.with.`;
  return (document.template?.blanks ?? [])
    .filter((blank) => blank.startsWith(beginning))
    .map((blank) => blank.slice(beginning.length));
}

function TriggerCard({ card }: { card: CardData }) {
  const { document, catalog, problems } = useBuilder();
  const blanks = useBlanks("trigger");
  if (!document.trigger) {
    return (
      <button
        type="button"
        className="step-card step-empty"
        data-testid="choose-trigger"
        onClick={() => card.onSelect(TRIGGER)}
        onFocus={card.onFocus}
      >
        <span className="tile tile-own" aria-hidden="true">
          <Zap size={16} />
        </span>
        <span className="step-text">
          <span className="kind">{t("builder.when")}</span>
          {t("builder.choose_trigger")}
        </span>
      </button>
    );
  }
  return (
    <button
      type="button"
      className={`step-card ${card.selected ? "selected" : ""}`}
      aria-pressed={card.selected}
      data-testid="trigger-card"
      onClick={() => card.onSelect(TRIGGER)}
      onFocus={card.onFocus}
    >
      <Tile connector={triggerOf(catalog, document)?.connector} />
      <span className="step-text">
        <span className="kind">{t("builder.when")}</span>
        <Sentence
          parts={triggerSentence(catalog, document)}
          blanks={blanks}
          onValue={(field) => card.onSelect(TRIGGER, field)}
        />
      </span>
      {problemsAt(problems, "trigger").length > 0 && <ProblemMark />}
    </button>
  );
}

function StepCard({ id, card }: { id: string; card: CardData }) {
  const { document, catalog, problems } = useBuilder();
  const blanks = useBlanks(`steps.${id}`);
  const index = document.steps.findIndex((step) => step.id === id);
  const step = document.steps[index];
  if (!step) return null;
  const action = actionOf(catalog, step);
  return (
    <button
      type="button"
      className={`step-card ${card.selected ? "selected" : ""} ${step.disabled ? "disabled" : ""}`}
      aria-pressed={card.selected}
      data-testid={`step-card-${id}`}
      onClick={() => card.onSelect(id)}
      onFocus={card.onFocus}
    >
      {action ? <Tile connector={action.connector} /> : <KindTile step={step} />}
      <span className="step-text">
        <span className="kind">
          {index + 1} · {stepTitle(catalog, step)}
          {step.disabled && ` · ${t("builder.disabled")}`}
        </span>
        <Sentence
          parts={stepSentence(catalog, document, index)}
          blanks={blanks}
          onValue={(field) => card.onSelect(id, field)}
        />
        {step.note && <span className="step-note">{step.note}</span>}
      </span>
      {problemsAt(problems, `steps.${id}`).length > 0 && <ProblemMark />}
    </button>
  );
}

function ProblemMark() {
  return (
    <span className="problem-mark" title={t("builder.has_problem")}>
      <CircleAlert size={16} role="img" aria-label={t("builder.has_problem")} />
    </span>
  );
}

export function AddNode({ data }: NodeProps) {
  const add = data as { index: number; onAdd: (index: number) => void; onFocus: () => void };
  return (
    <>
      <button
        type="button"
        className="add"
        data-testid={`add-step-${add.index}`}
        aria-label={t("builder.add_step", { number: add.index + 1 })}
        onClick={() => add.onAdd(add.index)}
        onFocus={add.onFocus}
      >
        <Plus size={14} />
      </button>
      <Ends />
    </>
  );
}
