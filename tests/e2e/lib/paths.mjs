/** Where the programs under test and the results are. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const BUILT = join(HERE, "../../target/debug");

export const RESULTS = join(HERE, "test-results");
export const DESKTOP = join(HERE, "lib/desktop.py");

export function prepareResults() {
  mkdirSync(RESULTS, { recursive: true });
}

/** A program of this build; says how to build it when it isn't there. ERRAND_PROGRAM names another `errand`. */
export function built(name) {
  if (name === "errand" && process.env.ERRAND_PROGRAM) return process.env.ERRAND_PROGRAM;
  const path = join(BUILT, name);
  if (existsSync(path)) return path;
  throw new Error(`${path} isn't there. Run \`cargo xtask test\`, which builds it.`);
}

export function chromium() {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = [process.env.ERRAND_CHROMIUM, ...places].find((path) => path && existsSync(path));
  if (found) return found;
  throw new Error("There is no Chromium. Install the package chromium.");
}
