/** Where the person is: the part of the address after `#`. */
import { useSyncExternalStore } from "react";

export type Route =
  | { page: "home" }
  | { page: "new" }
  | { page: "workflow"; id: string }
  | { page: "activity"; workflow: string; state: string }
  | { page: "run"; id: string }
  | { page: "attention" }
  | { page: "connections" }
  | { page: "settings" };

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first, second] = path.split("/");
  const asked = new URLSearchParams(query);
  if (first === "new") return { page: "new" };
  if (first === "workflows" && second) return { page: "workflow", id: second };
  if (first === "runs" && second) return { page: "run", id: second };
  if (first === "activity") {
    return { page: "activity", workflow: asked.get("workflow") ?? "", state: asked.get("state") ?? "" };
  }
  if (first === "attention") return { page: "attention" };
  if (first === "connections") return { page: "connections" };
  if (first === "settings") return { page: "settings" };
  return { page: "home" };
}

function subscribe(listener: () => void) {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

export function go(path: string) {
  location.hash = path;
}

export function activityPath(workflow: string, state: string): string {
  const asked = new URLSearchParams();
  if (workflow) asked.set("workflow", workflow);
  if (state) asked.set("state", state);
  const query = asked.toString();
  return query ? `#/activity?${query}` : "#/activity";
}
