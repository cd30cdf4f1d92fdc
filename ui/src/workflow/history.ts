/** Undo and redo: earlier documents. Edits with the same key in quick succession count as one. */
import type { Workflow } from "../backend";
import { apply, type Edit } from "./edit";

export type History = { past: Workflow[]; present: Workflow; future: Workflow[]; key: string; at: number };

const TOGETHER_MS = 1200;
const MOST = 200;

export function begin(document: Workflow): History {
  return { past: [], present: document, future: [], key: "", at: 0 };
}

/** What a run of small edits has in common: typing in one field. */
function keyOf(edit: Edit): string {
  if (edit.type === "set_field") return `${edit.at}.${edit.field}`;
  if (edit.type === "change_step") return `${edit.id}.${Object.keys(edit.change).join()}`;
  return edit.type === "rename" ? edit.type : "";
}

export function edited(history: History, edit: Edit, at: number): History {
  const present = apply(history.present, edit);
  if (present === history.present) return history;
  const key = keyOf(edit);
  const together = key !== "" && key === history.key && at - history.at < TOGETHER_MS;
  const past = together ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present, future: [], key, at };
}

/** Shows another document. If it says something else, undo brings the present one back. */
export function replaced(history: History, present: Workflow, isNew: boolean): History {
  if (!isNew) return { ...history, present, key: "" };
  return { past: [...history.past, history.present].slice(-MOST), present, future: [], key: "", at: 0 };
}

export function undone(history: History): History {
  const present = history.past.at(-1);
  if (!present) return history;
  return {
    past: history.past.slice(0, -1),
    present,
    future: [history.present, ...history.future],
    key: "",
    at: 0,
  };
}

export function redone(history: History): History {
  const [present, ...future] = history.future;
  if (!present) return history;
  return { past: [...history.past, history.present], present, future, key: "", at: 0 };
}
