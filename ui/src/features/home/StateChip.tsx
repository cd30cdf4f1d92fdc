/** What a workflow is doing now, in a word or two. */

import { ago } from "../../app/time";
import type { WorkflowSummary } from "../../backend";
import { Chip, type Tone } from "../../components/Chip";
import { t } from "../../locales";

export function StateChip({ workflow }: { workflow: WorkflowSummary }) {
  const { tone, text, title } = stateOf(workflow);
  return (
    <Chip tone={tone} testId={`workflow-state-${workflow.id}`} title={title}>
      {text}
    </Chip>
  );
}

function stateOf(workflow: WorkflowSummary): { tone: Tone; text: string; title?: string } {
  const { attention, enabled, live, last_run: last, trigger, version } = workflow;
  if (attention > 0) return { tone: "warn", text: t("home.state.attention", { count: attention }) };
  if (enabled && trigger && !trigger.ok) {
    return { tone: "bad", text: t("home.state.trouble"), title: trigger.problem ?? undefined };
  }
  if (live > 0) return { tone: "live", text: t("home.state.live", { count: live }) };
  if (!enabled)
    return { tone: "plain", text: version === null ? t("home.state.draft") : t("home.state.off") };
  if (last?.ended) {
    const tone = last.outcome === "failed" ? "bad" : "good";
    return { tone, text: ago(last.ended), title: last.subject };
  }
  return { tone: "good", text: t("home.state.watching") };
}
