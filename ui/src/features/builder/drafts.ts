/** The drafts being kept, whatever page is shown. What isn't kept yet is safe from a reload of this tab. */
import { engineHealth } from "../../app/engineHealth";
import type { WorkflowDetail } from "../../backend";
import { Keeper, type Unkept } from "./keeper";

const KEY = "errand.draft.";
const keepers = new Map<string, Keeper>();

/** The keeper of a workflow's draft; one that still has something to keep goes on. */
export function keeperOf({ id, revision, draft }: WorkflowDetail): Keeper {
  const there = keepers.get(id);
  if (there?.isUnkept || there?.document === draft) return there;
  return started(id, { revision, kept: draft, wanted: draft });
}

/** Sends what an earlier page of this tab couldn't, and goes on whenever the engine is back. */
export function keepDrafts(): () => void {
  for (const [id, unkept] of remembered()) {
    if (!keepers.get(id)?.isUnkept) started(id, unkept).tryFlush();
  }
  const leave = () => each((keeper) => keeper.leave());
  const stop = engineHealth.subscribe(() => {
    if (!engineHealth.get()) each((keeper) => keeper.tryFlush());
  });
  window.addEventListener("pagehide", leave);
  return () => {
    stop();
    window.removeEventListener("pagehide", leave);
  };
}

function started(id: string, unkept: Unkept): Keeper {
  const keeper = new Keeper(id, unkept, remember);
  keepers.set(id, keeper);
  return keeper;
}

function each(act: (keeper: Keeper) => void) {
  for (const keeper of keepers.values()) if (keeper.isUnkept) act(keeper);
}

function remember(id: string, unkept: Unkept | null) {
  try {
    if (unkept) sessionStorage.setItem(KEY + id, JSON.stringify(unkept));
    else sessionStorage.removeItem(KEY + id);
  } catch {
    // Without room there only the reload isn't covered: the keeper itself still has the draft.
  }
}

function remembered(): [string, Unkept][] {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(KEY));
  return keys.flatMap((key) => {
    try {
      return [[key.slice(KEY.length), JSON.parse(sessionStorage.getItem(key) ?? "")]];
    } catch {
      return [];
    }
  });
}
