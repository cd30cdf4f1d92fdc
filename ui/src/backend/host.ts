/** What the screens need from whatever shows them: a window, a browser tab or a test. */
import type { AppEvent, Commands, Failure } from "./bindings";

export type CommandName = keyof Commands;
export type RequestOf<N extends CommandName> = Commands[N]["request"];
export type ResponseOf<N extends CommandName> = Commands[N]["response"];

export interface Host {
  /** Rejects with a `Failure`. */
  call<N extends CommandName>(name: N, request: RequestOf<N>): Promise<ResponseOf<N>>;
  /** Asks without waiting for an answer, while the page that asks is about to go. */
  callOnLeaving?<N extends CommandName>(name: N, request: RequestOf<N>): void;
  /** Calls the listener for each event until the returned function is called. */
  subscribe(listener: (event: AppEvent) => void): () => void;
  /** A folder the person chose, or null. */
  pickFolder(): Promise<string | null>;
  /** A file the person chose, or null; undefined where a host can't show files. */
  pickFile?(): Promise<string | null>;
}

export function engineGone(message: string): Failure {
  return { kind: "engine_gone", message, hint: null };
}

/** Whatever was thrown, as a failure that can be shown. */
export function toFailure(error: unknown): Failure {
  if (typeof error === "object" && error !== null && "message" in error) {
    if ("kind" in error) return error as Failure;
    return { kind: "bug", message: String(error.message), hint: null };
  }
  return { kind: "bug", message: String(error), hint: null };
}
