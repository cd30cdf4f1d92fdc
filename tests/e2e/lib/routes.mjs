// Every screen that shows a workflow or one of its runs, and what is seen on it once it is there.
export const routesOf = (workflow, run, step) => [
  ["/", `workflow-row-${workflow}`],
  [`/workflows/${workflow}`, "trigger-card"],
  ["/activity", `run-row-${run}`],
  [`/runs/${run}`, `run-step-${step}`],
  ["/attention", `attention-card-${run}`],
];
