/** The builder's top line: name, what is kept, undo, trying, and the way to "on". */
import { ChevronLeft, CircleAlert, Play, Redo2, Undo2 } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { engineHealth } from "../../app/engineHealth";
import { focusSoon } from "../../app/focus";
import { queries, showFailure, told } from "../../app/queries";
import { go } from "../../app/router";
import { showToast } from "../../app/toasts";
import type { WorkflowDetail } from "../../backend";
import { Chip } from "../../components/Chip";
import { Dialog } from "../../components/Dialog";
import { Switch } from "../../components/Switch";
import { t } from "../../locales";
import { TRIGGER } from "../../workflow/edit";
import type { Blank } from "./Blanks";
import { useBuilder } from "./context";
import { placeText } from "./sentences";
import type { Draft } from "./useDraft";

type Props = {
  detail: WorkflowDetail;
  draft: Draft;
  blocked: boolean;
  openBlanks: Blank[];
  onTry: () => void;
  onSelect: (id: string, field?: string) => void;
};

export function BuilderHead({ detail, draft, blocked, openBlanks, onTry, onSelect }: Props) {
  const { document, edit } = draft;
  return (
    <header className="builder-head">
      <button
        type="button"
        className="icon-button"
        data-testid="builder-back"
        aria-label={t("builder.back")}
        onClick={() => go("#/")}
      >
        <ChevronLeft size={19} />
      </button>
      <input
        className="name-input"
        aria-label={t("builder.name")}
        data-testid="workflow-name"
        value={document.name}
        style={{ width: `calc(${Math.min(40, Math.max(8, document.name.length))} * 0.88ch + 18px)` }}
        onChange={(event) => edit({ type: "rename", name: event.target.value })}
      />
      <DraftState detail={detail} draft={draft} />
      <span className="grow" />
      <Problems blocked={blocked} openBlanks={openBlanks} onSelect={onSelect} />
      <button
        type="button"
        className="icon-button"
        data-testid="undo"
        aria-label={t("builder.undo")}
        title={t("builder.undo_keys")}
        disabled={!draft.canUndo}
        onClick={draft.undo}
      >
        <Undo2 size={17} />
      </button>
      <button
        type="button"
        className="icon-button"
        data-testid="redo"
        aria-label={t("builder.redo")}
        title={t("builder.redo_keys")}
        disabled={!draft.canRedo}
        onClick={draft.redo}
      >
        <Redo2 size={17} />
      </button>
      <button
        type="button"
        className="button"
        data-testid="try-it"
        disabled={!document.trigger}
        onClick={onTry}
      >
        <Play size={15} aria-hidden="true" /> {t("builder.try_it")}
      </button>
      <GoLive detail={detail} draft={draft} blocked={blocked} />
    </header>
  );
}

function DraftState({ detail, draft }: { detail: WorkflowDetail; draft: Draft }) {
  const gone = useSyncExternalStore(engineHealth.subscribe, engineHealth.get);
  const text = draft.saving
    ? t(gone || draft.other ? "builder.not_kept" : "builder.saving")
    : detail.version !== null && !draft.hasChanges
      ? t("builder.published")
      : t("builder.draft_kept");
  return (
    <span aria-live="polite">
      <Chip tone="plain" testId="draft-state">
        {text}
      </Chip>
    </span>
  );
}

function GoLive({ detail, draft, blocked }: { detail: WorkflowDetail; draft: Draft; blocked: boolean }) {
  const [busy, setBusy] = useState(false);
  const doing = async (work: () => Promise<WorkflowDetail>, said: string) => {
    setBusy(true);
    try {
      const after = await draft.alone(work);
      queries.setQueryData(["workflow_get", { id: detail.id }], after);
      void queries.invalidateQueries({ queryKey: ["workflows_list"] });
      void queries.invalidateQueries({ queryKey: ["engine_status"] });
      showToast({ text: said });
      focusSoon("[data-testid=workflow-switch]");
    } catch (error) {
      showFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const publish = (enable: boolean, said: string) =>
    doing(() => told("workflow_publish", { id: detail.id, enable }), said);
  const enable = (enabled: boolean) =>
    doing(
      () => told("workflow_enable", { id: detail.id, enabled }),
      enabled ? t("builder.is_on") : t("builder.is_off"),
    );
  const cannot = blocked || busy || !draft.document.trigger;
  return (
    <>
      {!detail.enabled && (
        <button
          type="button"
          className="button primary"
          data-testid="switch-on"
          disabled={cannot}
          title={blocked ? t("builder.blocked") : undefined}
          onClick={() => void publish(true, t("builder.is_on"))}
        >
          {t("builder.switch_on")}
        </button>
      )}
      {detail.enabled && (draft.hasChanges || draft.saving) && (
        <button
          type="button"
          className="button primary"
          data-testid="publish"
          disabled={cannot}
          title={blocked ? t("builder.blocked") : undefined}
          onClick={() => void publish(true, t("builder.is_published"))}
        >
          {t("builder.publish")}
        </button>
      )}
      {detail.version !== null && (
        <Switch
          checked={detail.enabled}
          label={t("builder.switch_label")}
          testId="workflow-switch"
          disabled={busy}
          onChange={(enabled) => void enable(enabled)}
        />
      )}
    </>
  );
}

function Problems({
  blocked,
  openBlanks,
  onSelect,
}: {
  blocked: boolean;
  openBlanks: Blank[];
  onSelect: (id: string, field?: string) => void;
}) {
  const { catalog, problems, document } = useBuilder();
  const [open, setOpen] = useState(false);
  if (!blocked) return null;
  const listed = openBlanks.filter((blank) => !problems.some((problem) => problem.place === blank.place));
  const whereIs = (place: string) => {
    const [start, id = ""] = place.split(/[.[]/);
    return start === "trigger" ? t("builder.when") : placeText(catalog, document, id);
  };
  const goTo = (place: string) => {
    setOpen(false);
    const [start, id, , field] = place.split(".");
    if (start === "trigger") onSelect(TRIGGER, place.split(".")[2]);
    else if (id && document.steps.some((step) => step.id === id)) onSelect(id, field);
  };
  return (
    <>
      <button
        type="button"
        className="button quiet warn"
        data-testid="problems-button"
        onClick={() => setOpen(true)}
      >
        <CircleAlert size={15} aria-hidden="true" />
        {t("builder.to_do", { count: problems.length + listed.length })}
      </button>
      {open && (
        <Dialog title={t("builder.before_on")} testId="problems" onClose={() => setOpen(false)}>
          <ul className="problem-list">
            {listed.map((blank) => (
              <li key={blank.place}>
                <button type="button" className="list-item" onClick={() => goTo(blank.place)}>
                  {t("blanks.fill", { label: blank.field.label })}
                </button>
              </li>
            ))}
            {problems.map((problem) => (
              <li key={problem.place + problem.message}>
                <button type="button" className="list-item" onClick={() => goTo(problem.place)}>
                  <span className="list-text">
                    <span className="muted">{whereIs(problem.place)}</span>
                    <b>{problem.message}</b>
                    <span className="muted">{problem.hint}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
