/** The side panel: what the selected card's fields hold, and what the step would do with them. */
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Field, Step, Using } from "../../backend";
import { KindTile, Tile } from "../../components/Tile";
import { t } from "../../locales";
import { actionOf, triggerOf } from "../../workflow/catalog";
import { newTrigger, TRIGGER } from "../../workflow/edit";
import { valuesBefore } from "../../workflow/values";
import { problemsAt, useBuilder } from "./context";
import { FieldRow, ProblemLine } from "./FieldRow";
import { HookBox } from "./HookBox";
import { OwnStep } from "./OwnStep";
import { PasteBox } from "./PasteBox";
import { StepExtras } from "./StepExtras";
import { StepMenu } from "./StepMenu";
import { TriggerPicker } from "./StepPicker";
import { kindTitle } from "./sentences";
import { ScheduleExtras } from "./UpcomingTimes";
import { UsingField } from "./UsingField";

type Props = { selected: string; onSelect: (id: string | null) => void; would: ReactNode };

export function Panel({ selected, onSelect, would }: Props) {
  const { document } = useBuilder();
  const index = document.steps.findIndex((step) => step.id === selected);
  const step = document.steps[index];
  return (
    <aside className="panel" data-testid="panel" aria-label={t("builder.panel")}>
      <div className="panel-scroll">
        {selected === TRIGGER && <TriggerPanel onClose={() => onSelect(null)} />}
        {step && <StepPanel key={step.id} step={step} index={index} onSelect={onSelect} />}
      </div>
      {would}
    </aside>
  );
}

function PanelHead({
  tile,
  over,
  title,
  children,
}: {
  tile: ReactNode;
  over: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <header className="panel-head">
      {tile}
      <div className="grow">
        <div className="small muted">{over}</div>
        <h2>{title}</h2>
      </div>
      {children}
    </header>
  );
}

function CloseButton({ onClose }: { onClose: () => void }) {
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="panel-close"
      aria-label={t("builder.close_panel")}
      onClick={onClose}
    >
      <X size={17} />
    </button>
  );
}

function TriggerPanel({ onClose }: { onClose: () => void }) {
  const { document, catalog, problems, edit } = useBuilder();
  const [changing, setChanging] = useState(false);
  const trigger = triggerOf(catalog, document);
  return (
    <>
      <PanelHead
        tile={<Tile connector={trigger?.connector} />}
        over={trigger?.connector.name ?? ""}
        title={trigger?.info.name ?? document.trigger?.on ?? ""}
      >
        <CloseButton onClose={onClose} />
      </PanelHead>
      {trigger?.info.source === "webhook" && <HookBox />}
      {trigger && (
        <Fields
          at={TRIGGER}
          place="trigger"
          fields={trigger.info.fields}
          filled={document.trigger?.with ?? {}}
          before={0}
          using={trigger.info.using}
          chosen={document.trigger?.using}
        />
      )}
      {trigger?.info.source === "schedule" && <ScheduleExtras />}
      {problems
        .filter((problem) => problem.place === "trigger" || problem.place === "trigger.on")
        .map((problem) => (
          <ProblemLine key={problem.message} problem={problem} testId="problem-trigger" />
        ))}
      <div className="field">
        <button
          type="button"
          className="button small"
          data-testid="change-trigger"
          onClick={() => setChanging(true)}
        >
          {t("builder.change_trigger")}
        </button>
      </div>
      {changing && (
        <TriggerPicker
          onClose={() => setChanging(false)}
          onPick={(id) => {
            setChanging(false);
            const picked = catalog.triggers.get(id);
            if (picked && id !== document.trigger?.on)
              edit({ type: "set_trigger", trigger: newTrigger(picked) });
          }}
        />
      )}
    </>
  );
}

function StepPanel({
  step,
  index,
  onSelect,
}: {
  step: Step;
  index: number;
  onSelect: (id: string | null) => void;
}) {
  const { catalog, problems } = useBuilder();
  const action = actionOf(catalog, step);
  const place = `steps.${step.id}`;
  const shown = new Set((action?.info.fields ?? []).map((field) => `${place}.with.${field.id}`));
  if (action?.info.using) shown.add(`${place}.using`);
  const others = problemsAt(problems, place).filter(
    (problem) =>
      ![...shown].some(
        (at) =>
          problem.place === at || problem.place.startsWith(`${at}.`) || problem.place.startsWith(`${at}[`),
      ),
  );
  return (
    <>
      <PanelHead
        tile={action ? <Tile connector={action.connector} /> : <KindTile step={step} />}
        over={action?.connector.name ?? t("builder.own_steps")}
        title={action?.info.name ?? kindTitle(step)}
      >
        <StepMenu step={step} index={index} onSelect={onSelect} />
        <CloseButton onClose={() => onSelect(null)} />
      </PanelHead>
      {step.disabled && <p className="note">{t("builder.is_disabled")}</p>}
      {action && action.info.pastes !== "" && <PasteBox info={action.info} at={step.id} />}
      {action ? (
        <Fields
          at={step.id}
          place={place}
          fields={action.info.fields}
          filled={step.with ?? {}}
          before={index}
          using={action.info.using}
          chosen={step.using}
        />
      ) : (
        <OwnStep step={step} index={index} />
      )}
      {others.map((problem) => (
        <ProblemLine key={problem.place + problem.message} problem={problem} testId="problem-step" />
      ))}
      <StepExtras step={step} />
    </>
  );
}

function Fields({
  at,
  place,
  fields,
  filled,
  before,
  using,
  chosen,
}: {
  at: string;
  place: string;
  fields: Field[];
  filled: Record<string, unknown>;
  before: number;
  using: Using | null;
  chosen: string | undefined;
}) {
  const { document, catalog, problems, example, edit } = useBuilder();
  const [more, setMore] = useState(false);
  const groups = valuesBefore(catalog, document, before, example);
  const row = (field: Field) => (
    <FieldRow
      key={field.id}
      field={field}
      at={at}
      value={filled[field.id]}
      groups={groups}
      problems={problemsAt(problems, `${place}.with.${field.id}`)}
      highlighted={document.template?.blanks.includes(`${place}.with.${field.id}`) ?? false}
      onChange={(value) => edit({ type: "set_field", at, field: field.id, value })}
    />
  );
  const advanced = fields.filter((field) => field.advanced);
  const shown = fields.filter((field) => !field.advanced);
  // Whoever signs in does so at an address.
  const usingAt = shown.findIndex((field) => field.kind === "url") + 1;
  const wrong = advanced.some((field) => problemsAt(problems, `${place}.with.${field.id}`).length > 0);
  const open = more || wrong;
  return (
    <>
      {shown.slice(0, usingAt).map(row)}
      {using && (
        <UsingField at={at} using={using} chosen={chosen} problems={problemsAt(problems, `${place}.using`)} />
      )}
      {shown.slice(usingAt).map(row)}
      {advanced.length > 0 && (
        <div className="field">
          <button
            type="button"
            className="button quiet small"
            data-testid="more-options"
            aria-expanded={open}
            onClick={() => setMore(!more)}
          >
            {open ? t("builder.fewer_options") : t("builder.more_options")}
          </button>
        </div>
      )}
      {open && advanced.map(row)}
    </>
  );
}
