/** A real answer of the source that a trigger asks again and again: fetched when the person says so, shared by all fields about it. */
import { useQuery } from "@tanstack/react-query";
import { told } from "../../app/queries";
import type { PollFound, PollList, Workflow } from "../../backend";
import { toFailure } from "../../backend";
import { type Catalog, triggerOf } from "../../workflow/catalog";
import { useBuilder } from "./context";

export type LookState = {
  found: PollFound | undefined;
  /** The list that was chosen, else the likeliest. */
  list: PollList | undefined;
  busy: boolean;
  problem: string;
  now: () => void;
};

export function useLook(): LookState {
  const { catalog, document } = useBuilder();
  const look = useQuery({
    queryKey: ["poll_look", source(catalog, document)],
    queryFn: () => told("poll_look", { document }),
    enabled: false,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const failure = look.error && toFailure(look.error);
  const chosen = chosenPath(catalog, document);
  const lists = look.data?.lists;
  return {
    found: look.data,
    list: lists?.find((list) => list.path === chosen) ?? (chosen === "" ? lists?.[0] : undefined),
    busy: look.isFetching,
    problem: failure ? `${failure.message} ${failure.hint ?? ""}` : "",
    now: () => void look.refetch(),
  };
}

/** What decides about the answer: all but the places in it and how often it is asked for. */
function source(catalog: Catalog, document: Workflow): unknown {
  const places = triggerOf(catalog, document)
    ?.info.fields.filter((field) => field.kind === "item_path" || field.kind === "duration")
    .map((field) => field.id);
  const filled = Object.entries(document.trigger?.with ?? {}).filter(([id]) => !places?.includes(id));
  return [document.trigger?.on, document.trigger?.using, filled];
}

function chosenPath(catalog: Catalog, document: Workflow): string {
  const field = triggerOf(catalog, document)?.info.fields.find(({ kind }) => kind === "item_path");
  return String((field && document.trigger?.with?.[field.id]) ?? "");
}
