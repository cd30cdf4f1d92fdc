/** Real things the workflow could be about, and what the draft would do with the chosen one. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { told } from "../../app/queries";
import type { RunDetail, Workflow } from "../../backend";
import { toFailure } from "../../backend";
import { actionOf, type Catalog, triggerOf } from "../../workflow/catalog";
import { isExampleAddress } from "../../workflow/references";
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
/** How long an answer of somebody else's computer is good enough for an example. */
const ASKED_MS = 120_000;

export function useExample(catalog: Catalog, id: string, document: Workflow): ExampleState {
  const calm = useCalm(document);
  const [chosen, setChosen] = useState(0);
  const asks = asksOthers(catalog, calm);
  const ownSample = leadsNowhere(catalog, calm) && triggerOf(catalog, calm)?.info.sample;
  const samples = useQuery({
    queryKey: ["workflow_samples", { id, trigger: calm.trigger }],
    queryFn: () => told("workflow_samples", { id, document: calm }),
    enabled: calm.trigger !== undefined && !ownSample,
    placeholderData: keepPreviousData,
    staleTime: asks ? ASKED_MS : 3000,
    refetchInterval: asks ? false : 10_000,
    refetchOnWindowFocus: !asks,
  });
  const found = ownSample ? [ownSample] : (samples.data ?? []);
  const events = calm.trigger ? (found as Record<string, unknown>[]) : [];
  const event = events[Math.min(chosen, events.length - 1)];
  const preview = useQuery({
    queryKey: ["workflow_preview", { document: calm, event }],
    queryFn: () => told("workflow_preview", { document: calm, event: event ?? {} }),
    enabled: event !== undefined,
    placeholderData: keepPreviousData,
    staleTime: asks ? ASKED_MS : 3000,
    refetchOnWindowFocus: !asks,
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

/** Whether an example makes requests to other computers. */
function asksOthers(catalog: Catalog, workflow: Workflow): boolean {
  const infos = [
    triggerOf(catalog, workflow)?.info,
    ...workflow.steps.map((step) => actionOf(catalog, step)?.info),
  ];
  return infos.some((info) => info?.fields.some((field) => field.kind === "url"));
}

/** Whether the trigger would have to ask an address that isn't filled in yet, or stands for one. */
function leadsNowhere(catalog: Catalog, workflow: Workflow): boolean {
  const fields = triggerOf(catalog, workflow)?.info.fields ?? [];
  const addresses = fields
    .filter((field) => field.kind === "url")
    .map((field) => workflow.trigger?.with?.[field.id]);
  return addresses.some((address) => !address || isExampleAddress(String(address)));
}

/** The document once it hasn't changed for a moment, and no address is half typed: those would be asked. */
function useCalm(workflow: Workflow): Workflow {
  const [calm, setCalm] = useState(workflow);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.activeElement?.matches("[data-address]")) return;
      clearInterval(timer);
      setCalm(workflow);
    }, CALM_MS);
    return () => clearInterval(timer);
  }, [workflow]);
  return calm;
}

/** What a sample is called: its first plain text, else the first text or thing it has. */
export function sampleLabel(catalog: Catalog, document: Workflow, event: Record<string, unknown>): string {
  const trigger = triggerOf(catalog, document)?.info;
  const gives = trigger?.gives ?? [];
  // What was sent tells calls apart better than how.
  const named = gives.find(
    (output) => (trigger?.source === "webhook" || output.kind === "text") && event[output.id],
  );
  const values = named ? [event[named.id]] : Object.values(event);
  return sampleText(values.find((value) => typeof value === "string") ?? values[0]);
}
