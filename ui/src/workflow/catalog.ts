/** What connectors can do, by the words that documents use. */
import type { ActionInfo, ConnectorInfo, Field, Step, TriggerInfo, Workflow } from "../backend";

export type Known<T> = { connector: ConnectorInfo; info: T };

export type Catalog = {
  connectors: ConnectorInfo[];
  triggers: Map<string, Known<TriggerInfo>>;
  actions: Map<string, Known<ActionInfo>>;
};

export function toCatalog(connectors: ConnectorInfo[]): Catalog {
  const triggers = new Map<string, Known<TriggerInfo>>();
  const actions = new Map<string, Known<ActionInfo>>();
  for (const connector of connectors) {
    for (const info of connector.triggers) triggers.set(info.id, { connector, info });
    for (const info of connector.actions) actions.set(info.id, { connector, info });
  }
  return { connectors, triggers, actions };
}

export function triggerOf(catalog: Catalog, document: Workflow): Known<TriggerInfo> | undefined {
  return document.trigger && catalog.triggers.get(document.trigger.on);
}

export function actionOf(catalog: Catalog, step: Step): Known<ActionInfo> | undefined {
  return step.do ? catalog.actions.get(step.do) : undefined;
}

/** The connectors a workflow uses, each once, in order. */
export function connectorsOf(catalog: Catalog, document: Workflow): ConnectorInfo[] {
  const found = [
    triggerOf(catalog, document)?.connector,
    ...document.steps.map((step) => actionOf(catalog, step)?.connector),
  ];
  return [...new Set(found.filter((connector) => connector !== undefined))];
}

/** What a person who starts the workflow is asked for. */
export type AskedInput = { name: string; kind: string; required?: boolean; choices?: string[] };

export function askedInputs(catalog: Catalog, document: Workflow): AskedInput[] {
  const trigger = triggerOf(catalog, document);
  const field = trigger?.info.fields.find((candidate: Field) => candidate.kind === "inputs");
  const value = field && document.trigger?.with?.[field.id];
  return Array.isArray(value) ? (value as AskedInput[]).filter((input) => input?.name) : [];
}

export function startsByHand(catalog: Catalog, document: Workflow): boolean {
  return triggerOf(catalog, document)?.info.source === "manual";
}
