/** A browser tab: the engine's small web server, behind the token from its address. */
import type { AppEvent } from "./bindings";
import { askForFolder } from "./folderDialog";
import { engineGone, type Host } from "./host";

const KEY = "errand.token";
const RETRY_MS = 1000;

let locked = false;

/** Whether the engine is there but this tab's token is of an earlier start. */
export function isLocked(): boolean {
  return locked;
}

/** The token stands in the address once; it is kept for this tab and taken out of the address. */
function takeToken(): string {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    sessionStorage.setItem(KEY, found);
    history.replaceState(null, "", `${location.pathname}${location.search}#/`);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

/** The new address opened in this tab changes only the part after `#`, which loads nothing by itself. */
function reloadForToken() {
  if (!location.hash.startsWith("#token=")) return;
  takeToken();
  location.reload();
}

export function webHost(): Host {
  const authorization = `Bearer ${takeToken()}`;
  window.addEventListener("hashchange", reloadForToken);
  const ask = (name: string, payload: unknown, more: RequestInit = {}) =>
    fetch("/rpc", {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ cmd: name, payload }),
      ...more,
    });
  return {
    async call(name, request) {
      const answer = await ask(name, request).catch(() => {
        throw engineGone("The engine doesn't answer.");
      });
      const body = await answer.json().catch(() => null);
      locked = answer.status === 401;
      if (!answer.ok) {
        throw body?.kind ? body : engineGone(`The engine answered ${answer.status}.`);
      }
      return body;
    },
    callOnLeaving(name, request) {
      ask(name, request, { keepalive: true }).catch(() => {});
    },
    subscribe(listener) {
      const stop = new AbortController();
      void listenForever(authorization, listener, stop.signal);
      return () => stop.abort();
    },
    pickFolder: askForFolder,
  };
}

async function listenForever(
  authorization: string,
  listener: (event: AppEvent) => void,
  signal: AbortSignal,
) {
  let gone = false;
  while (!signal.aborted) {
    try {
      const answer = await fetch("/events", { headers: { authorization }, signal });
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
      if (gone) listener({ type: "engine_started" });
      gone = false;
      await readEvents(answer.body, listener);
    } catch {
      // Told below, whatever the reason.
    }
    if (signal.aborted) return;
    if (!gone) listener({ type: "engine_stopped" });
    gone = true;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function readEvents(body: ReadableStream<Uint8Array>, listener: (event: AppEvent) => void) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) listener(JSON.parse(line.slice(5)) as AppEvent);
    }
  }
}
