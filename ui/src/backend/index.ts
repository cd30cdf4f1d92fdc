/** The one door to the engine. Nothing outside this folder knows which host there is. */
import type { CommandName, Host, RequestOf, ResponseOf } from "./host";
import { tauriHost } from "./tauri";
import { webHost } from "./web";

export type * from "./bindings";
export { folderQuestion } from "./folderDialog";
export { toFailure } from "./host";
export { isLocked } from "./web";

let host: Host | null = null;

/** For tests and for looking at screens without an engine. */
export function replaceHost(other: Host) {
  host = other;
}

/** Whether this is the window, which starts a stopped engine by itself. */
export function isWindow(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

function current(): Host {
  host ??= isWindow() ? tauriHost() : webHost();
  return host;
}

export function call<N extends CommandName>(name: N, request: RequestOf<N>): Promise<ResponseOf<N>> {
  return current().call(name, request);
}

/** For the last moment of a page; whether it was done is never heard. */
export function callOnLeaving<N extends CommandName>(name: N, request: RequestOf<N>) {
  const host = current();
  if (host.callOnLeaving) host.callOnLeaving(name, request);
  else host.call(name, request).catch(() => {});
}

export const subscribe: Host["subscribe"] = (listener) => current().subscribe(listener);

export const pickFolder = () => current().pickFolder();

export function canPickFiles(): boolean {
  return current().pickFile !== undefined;
}

export const pickFile = () => current().pickFile?.() ?? Promise.resolve(null);
