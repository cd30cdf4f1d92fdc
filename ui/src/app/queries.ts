/** The engine's answers, kept until an event says they are stale. */
import { QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type AppEvent, type Commands, call, toFailure } from "../backend";
import { withShortPaths } from "../features/activity/words";
import { toCatalog } from "../workflow/catalog";
import { engineHealth } from "./engineHealth";
import { showToast } from "./toasts";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      networkMode: "always",
      retry: (count, error) => toFailure(error).kind === "engine_gone" && count < 100,
      retryDelay: 700,
    },
    mutations: { networkMode: "always" },
  },
});

type Name = keyof Commands;

/** A command's answer, watched. Failures that the engine is gone are told to the banner. */
export function useCommand<N extends Name>(name: N, request: Commands[N]["request"], enabled = true) {
  return useQuery({ queryKey: [name, request], queryFn: () => told(name, request), enabled });
}

/** Does something; failures are shown unless the caller shows them itself. */
export function useAction<N extends Name>(name: N, onDone?: (answer: Commands[N]["response"]) => void) {
  return useMutation({
    mutationFn: (request: Commands[N]["request"]) => told(name, request),
    onSuccess: (answer) => {
      void queries.invalidateQueries();
      onDone?.(answer);
    },
    onError: showFailure,
  });
}

export async function told<N extends Name>(
  name: N,
  request: Commands[N]["request"],
): Promise<Commands[N]["response"]> {
  try {
    const answer = await call(name, request);
    engineHealth.answered();
    return answer;
  } catch (error) {
    if (toFailure(error).kind === "engine_gone") engineHealth.gone();
    throw error;
  }
}

export function showFailure(error: unknown) {
  const failure = toFailure(error);
  if (failure.kind === "engine_gone") return;
  showToast({ text: failure.hint ? `${failure.message} ${failure.hint}` : failure.message, tone: "bad" });
}

export function useCatalog() {
  const { data } = useQuery({
    queryKey: ["connectors_list"],
    queryFn: () => told("connectors_list", {}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => data && toCatalog(data), [data]);
}

/** A run as screens show it. */
export function useRun(id: string) {
  const home = useCommand("engine_status", {}).data?.home ?? "";
  const run = useCommand("run_get", { id });
  const data = useMemo(() => run.data && withShortPaths(run.data, home), [run.data, home]);
  return { data, error: run.error };
}

/** What an event makes stale. */
export function onEvent(event: AppEvent) {
  switch (event.type) {
    case "workflow_changed":
      stale("workflows_list", "engine_status", "connections_list");
      void queries.invalidateQueries({ queryKey: ["workflow_get", { id: event.id }] });
      return;
    case "run_changed":
      stale("runs_list", "workflows_list", "engine_status");
      void queries.invalidateQueries({ queryKey: ["run_get", { id: event.id }] });
      return;
    case "status_changed":
      stale("engine_status", "workflows_list", "connections_list", "vault_status", "away_list");
      void queries.invalidateQueries({ queryKey: ["workflow_get"] });
      return;
    case "engine_stopped":
      engineHealth.gone();
      return;
    case "engine_started":
    case "lagged":
      engineHealth.answered();
      void queries.invalidateQueries();
  }
}

/** Many events in a moment (a thousand files) read the lists once or twice a second, not a thousand times. */
const waiting = new Set<string>();

function stale(...names: Name[]) {
  for (const name of names) {
    if (waiting.has(name)) continue;
    waiting.add(name);
    setTimeout(() => {
      waiting.delete(name);
      void queries.invalidateQueries({ queryKey: [name] });
    }, 250);
  }
}
