/** Real things the workflow could be about, and what the draft would do with the chosen one. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { told } from "../../app/queries";
import type { RunDetail, Workflow } from "../../backend";
import { toFailure } from "../../backend";
import { type Catalog, triggerOf } from "../../workflow/catalog";
import { type Example, sampleText } from "../../workflow/values";

export type Sample = { event: Record<string, unknown>; label: string };

export type ExampleState = {
  samples: Sample[];
  chosen: number;
  choose: (index: number) => void;
  preview: RunDetail | undefined;
  failure: string;
  example: Example;
};

const CALM_MS = 400;

export function useExample(catalog: Catalog, document: Workflow): ExampleState {
  const calm = useCalm(document);
  const [chosen, setChosen] = useState(0);
  const samples = useQuery({
    queryKey: ["workflow_samples", { trigger: calm.trigger }],
    queryFn: () => told("workflow_samples", { document: calm }),
    enabled: calm.trigger !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 3000,
    refetchInterval: 10_000,
  });
  const events = calm.trigger ? ((samples.data ?? []) as Record<string, unknown>[]) : [];
  const event = events[Math.min(chosen, events.length - 1)];
  const preview = useQuery({
    queryKey: ["workflow_preview", { document: calm, event }],
    queryFn: () => told("workflow_preview", { document: calm, event: event ?? {} }),
    enabled: event !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 3000,
    retry: false,
  });
  const results = Object.fromEntries((preview.data?.steps ?? []).map((step) => [step.path, step.output]));
  return {
    samples: events.map((sample) => ({ event: sample, label: sampleLabel(catalog, calm, sample) })),
    chosen: Math.max(0, Math.min(chosen, events.length - 1)),
    choose: setChosen,
    preview: event && preview.data,
    failure: preview.error ? toFailure(preview.error).message : "",
    example: { event: event ?? {}, results },
  };
}

/** The document once it hasn't changed for a moment. */
function useCalm(document: Workflow): Workflow {
  const [calm, setCalm] = useState(document);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(document), CALM_MS);
    return () => clearTimeout(timer);
  }, [document]);
  return calm;
}

/** What a sample is called: its first plain text, else the first thing it has. */
export function sampleLabel(catalog: Catalog, document: Workflow, event: Record<string, unknown>): string {
  const gives = triggerOf(catalog, document)?.info.gives ?? [];
  const named = gives.find((output) => output.kind === "text" && event[output.id]);
  const value = named ? event[named.id] : Object.values(event)[0];
  return sampleText(value);
}
