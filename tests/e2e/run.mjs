/** Runs the named parts (all of them if none is named) and says at the end how many tests passed. */
import { prepareResults } from "./lib/paths.mjs";
import { runAll } from "./lib/report.mjs";

const PARTS = ["browser", "screens", "doors", "drafts", "random", "hooks-from-a-page", "window"];

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`There is no part called ${unknown.join(", ")}. There are: ${PARTS.join(", ")}.`);
  process.exit(64);
}

prepareResults();
for (const part of asked.length > 0 ? asked : PARTS) await import(`./${part}.mjs`);
process.exit((await runAll()) ? 0 : 1);
