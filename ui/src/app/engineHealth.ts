/** Whether the engine answers; asked every second while it doesn't. */
import { call, isLocked } from "../backend";

let isGone = false;
let back: () => void = () => {};
const listeners = new Set<() => void>();
const ASK_MS = 1000;

function tell() {
  for (const listener of listeners) listener();
}

function set(next: boolean) {
  if (next === isGone) return;
  isGone = next;
  tell();
  if (next) setTimeout(ask, ASK_MS);
  else back();
}

async function ask() {
  if (!isGone) return;
  try {
    await call("engine_status", {});
    set(false);
  } catch {
    tell();
    setTimeout(ask, ASK_MS);
  }
}

export const engineHealth = {
  get: () => isGone,
  /** Whether there is an engine again, but one that this page has no key to. */
  isOther: () => isGone && isLocked(),
  gone: () => set(true),
  answered: () => set(false),
  whenBack(then: () => void) {
    back = then;
  },
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
