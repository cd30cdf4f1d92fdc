/** The window: Tauri's commands and events. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AppEvent } from "./bindings";
import type { Host } from "./host";

export function tauriHost(): Host {
  return {
    call: (name, request) => invoke("rpc", { cmd: name, payload: request }),
    subscribe(listener) {
      const stop = listen<AppEvent>("app-event", ({ payload }) => listener(payload));
      return () => void stop.then((off) => off());
    },
    pickFolder: () => invoke<string | null>("pick_folder"),
    pickFile: () => invoke<string | null>("pick_file"),
  };
}
