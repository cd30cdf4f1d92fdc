/** The builder: one workflow's draft, from its trigger to its switch. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { focusSoon } from "../../app/focus";
import { queries, showFailure, told, useCatalog, useCommand } from "../../app/queries";
import { go } from "../../app/router";
import { showToast } from "../../app/toasts";
import { toFailure, type WorkflowDetail } from "../../backend";
import { PageMessage } from "../../components/PageMessage";
import { t } from "../../locales";
import { type Catalog, triggerOf } from "../../workflow/catalog";
import { newOwnStep, newStep, newTrigger, OWN_KINDS, type OwnKind, TRIGGER } from "../../workflow/edit";
import { Blanks, blanksOf, isOpen } from "./Blanks";
import { BuilderHead } from "./BuilderHead";
import { Canvas } from "./Canvas";
import { Builder } from "./context";
import { OtherVersion } from "./OtherVersion";
import { Panel } from "./Panel";
import { StepPicker, TriggerPicker } from "./StepPicker";
import { TryDialog } from "./TryDialog";
import { type Draft, useDraft } from "./useDraft";
import { useExample } from "./useExample";
import { WouldCard } from "./WouldCard";
import "./builder.css";
import "./doors.css";

export function BuilderPage({ id }: { id: string }) {
  const catalog = useCatalog();
  const detail = useQuery({
    queryKey: ["workflow_get", { id }],
    queryFn: () => told("workflow_get", { id }),
    gcTime: 0,
  });
  const status = useCommand("engine_status", {});
  if (detail.error && !detail.data) return <PageMessage text={toFailure(detail.error).message} back />;
  if (!detail.data || !catalog) return <PageMessage text="" busy />;
  return <Loaded key={id} detail={detail.data} catalog={catalog} home={status.data?.home ?? ""} />;
}

const FIRST_FIELD =
  ".panel-scroll .field :is(input, select, textarea, [role=textbox], [role=switch], button)";

type Picking = { kind: "trigger" } | { kind: "step"; index: number } | null;

function Loaded({ detail, catalog, home }: { detail: WorkflowDetail; catalog: Catalog; home: string }) {
  const draft = useDraft(detail);
  const { document, edit } = draft;
  const state = useExample(catalog, detail.id, document);
  const [selected, setSelected] = useState<string | null>(detail.draft.trigger ? TRIGGER : null);
  const [picking, setPicking] = useState<Picking>(null);
  const [trying, setTrying] = useState(false);
  useUndoKeys(draft);

  const select = useCallback(
    (id: string | null, field?: string) => {
      if (id === TRIGGER && !document.trigger) return setPicking({ kind: "trigger" });
      setSelected(id);
      if (field) focusSoon(`[id="input-${field}"]`);
    },
    [document.trigger],
  );
  const add = (id: string, index: number) => {
    const action = catalog.actions.get(id);
    const gives = (triggerOf(catalog, document)?.info.gives ?? []).map((output) => `trigger.${output.id}`);
    const own = OWN_KINDS.find((kind): kind is OwnKind => kind === id);
    const step = action ? newStep(document, action, gives) : own && newOwnStep(document, own);
    if (!step) return;
    edit({ type: "add_step", index, step });
    setSelected(step.id);
    focusSoon(FIRST_FIELD);
  };
  const open = blanksOf(catalog, document).filter(isOpen);
  const shared = useMemo(
    () => ({ detail, document, catalog, problems: draft.problems, example: state.example, home, edit }),
    [detail, document, catalog, draft.problems, state.example, home, edit],
  );
  const shown = selected === TRIGGER || document.steps.some((step) => step.id === selected) ? selected : null;
  return (
    <Builder value={shared}>
      <div className="builder">
        <BuilderHead
          detail={detail}
          draft={draft}
          blocked={draft.problems.length > 0 || open.length > 0}
          openBlanks={open}
          onTry={() => setTrying(true)}
          onSelect={select}
        />
        <OtherVersion draft={draft} />
        <Blanks onSelect={select} />
        <div className="builder-body">
          <Canvas selected={shown} onSelect={select} onAdd={(index) => setPicking({ kind: "step", index })} />
          {shown && (
            <Panel selected={shown} onSelect={select} would={<WouldCard selected={shown} state={state} />} />
          )}
        </div>
        {picking?.kind === "trigger" && (
          <TriggerPicker
            onClose={() => setPicking(null)}
            onPick={(id) => {
              setPicking(null);
              const trigger = catalog.triggers.get(id);
              if (trigger) edit({ type: "set_trigger", trigger: newTrigger(trigger) });
              setSelected(TRIGGER);
              focusSoon(FIRST_FIELD);
            }}
          />
        )}
        {picking?.kind === "step" && (
          <StepPicker
            onClose={() => setPicking(null)}
            onPick={(id) => {
              setPicking(null);
              add(id, picking.index);
            }}
          />
        )}
        {trying && (
          <TryDialog
            state={state}
            blocked={draft.problems.length > 0}
            onClose={() => setTrying(false)}
            onRun={(event) => void runOnce(detail, draft, event)}
          />
        )}
      </div>
    </Builder>
  );
}

/** Does exactly what the draft shows: a published workflow with changes runs as a document of its own. */
async function runOnce(detail: WorkflowDetail, draft: Draft, event: Record<string, unknown>) {
  try {
    await draft.flush();
    const asDocument = detail.version !== null && draft.hasChanges;
    const run = asDocument
      ? await told("document_run", { document: draft.document, event })
      : await told("workflow_run", { id: detail.id, event });
    void queries.invalidateQueries();
    go(`#/runs/${run.id}`);
    showToast({ text: t("try.started") });
  } catch (error) {
    showFailure(error);
  }
}

function useUndoKeys({ undo, redo }: Draft) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [undo, redo]);
}
