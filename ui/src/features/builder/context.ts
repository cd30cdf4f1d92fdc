/** What every part of the builder shares. */
import { createContext, useContext } from "react";
import type { Problem, Workflow, WorkflowDetail } from "../../backend";
import type { Catalog } from "../../workflow/catalog";
import type { Edit } from "../../workflow/edit";
import type { Example } from "../../workflow/values";

export type BuilderContext = {
  /** The workflow as the engine has it, while `document` is the draft on screen. */
  detail: WorkflowDetail;
  document: Workflow;
  catalog: Catalog;
  problems: Problem[];
  example: Example;
  home: string;
  edit: (edit: Edit) => void;
};

export const Builder = createContext<BuilderContext | null>(null);

export function useBuilder(): BuilderContext {
  const builder = useContext(Builder);
  if (!builder) throw new Error("useBuilder is used outside of the builder");
  return builder;
}

/** The problems at a place or below it. */
export function problemsAt(problems: Problem[], place: string): Problem[] {
  return problems.filter(
    (problem) =>
      problem.place === place ||
      problem.place.startsWith(`${place}.`) ||
      problem.place.startsWith(`${place}[`),
  );
}
