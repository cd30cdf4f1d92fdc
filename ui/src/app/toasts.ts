/** Short messages at the bottom, at most one at a time, some with a way back. */
export type Toast = { text: string; tone?: "plain" | "bad"; undo?: () => void };

let shown: Toast | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const SHOWN_MS = 8000;

function set(next: Toast | null) {
  shown = next;
  for (const listener of listeners) listener();
}

export function showToast(toast: Toast) {
  clearTimeout(timer);
  timer = setTimeout(() => set(null), SHOWN_MS);
  set(toast);
}

export const toasts = {
  get: () => shown,
  close: () => set(null),
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
