/** The draft being edited: its history, and what keeping it has come to. */
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Problem, Workflow, WorkflowDetail } from "../../backend";
import type { Edit } from "../../workflow/edit";
import { begin, edited, type History, redone, replaced, undone } from "../../workflow/history";
import { keeperOf } from "./drafts";

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
  /** Does what changes the draft in the engine, once everything is kept; takes over what came of it. */
  alone: (work: () => Promise<WorkflowDetail>) => Promise<WorkflowDetail>;
  /** What somebody else made of the workflow while something here wasn't kept. */
  other: WorkflowDetail | null;
  takeOther: () => void;
  keepMine: () => void;
};

export function useDraft(detail: WorkflowDetail): Draft {
  const [keeper] = useState(() => keeperOf(detail));
  const [history, setHistory] = useState<History>(() => begin(keeper.document));
  const { kept, checked, other } = useSyncExternalStore(keeper.subscribe, keeper.get);

  const { present } = history;
  useEffect(() => keeper.wants(present), [keeper, present]);
  useEffect(() => keeper.saw(detail), [keeper, detail]);
  useEffect(
    () => keeper.show((document, isNew) => setHistory((before) => replaced(before, document, isNew))),
    [keeper],
  );

  return {
    document: present,
    problems: checked?.problems ?? detail.problems,
    hasChanges: checked?.hasChanges ?? detail.has_changes,
    saving: kept !== present,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    edit: useCallback((edit: Edit) => setHistory((before) => edited(before, edit, Date.now())), []),
    undo: useCallback(() => setHistory(undone), []),
    redo: useCallback(() => setHistory(redone), []),
    flush: useCallback(() => keeper.flush(), [keeper]),
    alone: useCallback((work: () => Promise<WorkflowDetail>) => keeper.alone(work), [keeper]),
    other,
    takeOther: useCallback(() => keeper.takeOther(), [keeper]),
    keepMine: useCallback(() => keeper.keepMine(), [keeper]),
  };
}
