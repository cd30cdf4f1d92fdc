/** The draft being edited: its history, and keeping it shortly after each edit. */
import { useCallback, useEffect, useRef, useState } from "react";
import { queries, showFailure, told } from "../../app/queries";
import type { Problem, Workflow, WorkflowDetail } from "../../backend";
import type { Edit } from "../../workflow/edit";
import { begin, edited, type History, redone, undone } from "../../workflow/history";

const KEEP_AFTER_MS = 350;
const TRY_AGAIN_MS = 1500;

export type Draft = {
  document: Workflow;
  problems: Problem[];
  hasChanges: boolean;
  saving: boolean;
  canUndo: boolean;
  canRedo: boolean;
  edit: (edit: Edit) => void;
  undo: () => void;
  redo: () => void;
  /** Resolves once everything up to now is kept. */
  flush: () => Promise<void>;
  /** Takes over what publishing changed. */
  published: (detail: WorkflowDetail) => void;
};

export function useDraft(detail: WorkflowDetail): Draft {
  const [history, setHistory] = useState<History>(() => begin(detail.draft));
  const [checked, setChecked] = useState({ problems: detail.problems, hasChanges: detail.has_changes });
  const [kept, setKept] = useState(detail.draft);
  const keeper = useRef<Keeper>(null);
  keeper.current ??= new Keeper(detail, (document, saved) => {
    setKept(document);
    if (saved) setChecked({ problems: saved.problems, hasChanges: saved.has_changes });
  });

  const { present } = history;
  useEffect(() => keeper.current?.wants(present), [present]);
  useEffect(() => () => void keeper.current?.flush().catch(showFailure), []);

  return {
    document: present,
    ...checked,
    saving: kept !== present,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    edit: useCallback((edit: Edit) => setHistory((before) => edited(before, edit, Date.now())), []),
    undo: useCallback(() => setHistory(undone), []),
    redo: useCallback(() => setHistory(redone), []),
    flush: useCallback(async () => keeper.current?.flush(), []),
    published: useCallback((after: WorkflowDetail) => {
      setChecked({ problems: after.problems, hasChanges: after.has_changes });
    }, []),
  };
}

type Saved = { problems: Problem[]; has_changes: boolean };

/** Sends one draft at a time, always the newest, and tries again when the engine was away. */
class Keeper {
  private wanted: Workflow;
  private kept: Workflow;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;

  constructor(
    private readonly detail: WorkflowDetail,
    private readonly onKept: (document: Workflow, saved: Saved | null) => void,
  ) {
    this.wanted = detail.draft;
    this.kept = detail.draft;
  }

  wants(document: Workflow) {
    this.wanted = document;
    clearTimeout(this.timer);
    if (document !== this.kept) this.timer = setTimeout(() => this.tryFlush(), KEEP_AFTER_MS);
    else this.onKept(document, null);
  }

  private tryFlush() {
    this.flush().catch((error: unknown) => {
      showFailure(error);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.tryFlush(), TRY_AGAIN_MS);
    });
  }

  /** Whoever asks while drafts are being sent waits for the same round. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll() {
    while (this.wanted !== this.kept) await this.send(this.wanted);
  }

  private async send(document: Workflow) {
    const saved = await told("workflow_save", { id: this.detail.id, document });
    this.kept = document;
    this.onKept(document, saved);
    queries.removeQueries({ queryKey: ["workflow_get", { id: this.detail.id }], type: "inactive" });
  }
}
