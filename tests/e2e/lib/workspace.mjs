/** A person's home and Errand's data folder made for one test, and the real program in them. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";

import { built } from "./paths.mjs";

export class Workspace {
  constructor({ atEnd }, environment = {}) {
    this.root = mkdtempSync(join(tmpdir(), "errand-e2e-"));
    this.home = join(this.root, "home");
    this.data = join(this.root, "data");
    for (const folder of [this.home, this.data]) mkdirSync(folder);
    this.environment = { PATH: process.env.PATH, LANG: "C.UTF-8", HOME: this.home, ...environment };
    this.atEnd = atEnd;
    atEnd(() => rmSync(this.root, { recursive: true, force: true }));
  }

  path(...parts) {
    return join(this.home, ...parts);
  }

  folders(...names) {
    for (const name of names) mkdirSync(this.path(name), { recursive: true });
  }

  write(name, content = name) {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Relative paths of all files below a folder of home, in order. */
  files(folder = ".") {
    return filesBelow(this.path(folder))
      .map((path) => relative(this.home, path))
      .sort();
  }

  /** Runs `errand ARGS` to its end. */
  errand(...args) {
    const call = ["--data", this.data, ...args];
    const options = { env: this.environment, encoding: "utf8", cwd: this.root, maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync(built("errand"), call, options);
    return { code: status, out: stdout, err: stderr };
  }

  /** The same without holding up what this process does besides, such as answering the program. */
  async errandMeanwhile(...args) {
    const call = ["--data", this.data, ...args];
    const run = spawn(built("errand"), call, { env: this.environment, cwd: this.root });
    const said = { out: "", err: "" };
    run.stdout.on("data", (text) => {
      said.out += text;
    });
    run.stderr.on("data", (text) => {
      said.err += text;
    });
    const code = await new Promise((resolve) => run.once("close", resolve));
    return { code, ...said };
  }

  /** What `errand ARGS --json` prints. */
  json(...args) {
    const answer = this.errand(...args, "--json");
    try {
      return JSON.parse(answer.out);
    } catch {
      throw new Error(`errand ${args.join(" ")} printed no JSON: ${JSON.stringify(answer)}`);
    }
  }

  /** Imports a document, given as an object (JSON is YAML too); gives the workflow's id. */
  import(document, ...more) {
    const file = join(this.root, "document.yaml");
    writeFileSync(file, JSON.stringify({ format: 1, ...document }));
    const answer = this.errand("workflow", "import", file, ...more);
    if (answer.code !== 0) throw new Error(`the import failed: ${answer.err}`);
    return JSON.parse(answer.out).id;
  }

  /** Starts the engine with its screens for a browser. `fault` makes it abort there. */
  async serve({ fault, port = 0 } = {}) {
    const engine = new Engine(this, fault, port);
    this.atEnd(() => engine.kill());
    engine.web = (await engine.ready()).web;
    return engine;
  }
}

/** A running `errand serve`. */
class Engine {
  constructor(workspace, fault, port) {
    const env = { ...workspace.environment, ...(fault && { ERRAND_FAULT: fault }) };
    const args = ["--data", workspace.data, "serve", "--web", `127.0.0.1:${port}`];
    this.process = spawn(built("errand"), args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.said = "";
    this.process.stderr.on("data", (text) => {
      this.said += text;
    });
    this.gone = new Promise((resolve) => this.process.once("exit", resolve));
  }

  async ready() {
    const lines = createInterface({ input: this.process.stdout });
    const first = new Promise((resolve) => lines.once("line", resolve));
    const line = await Promise.race([first, this.gone.then(() => null)]);
    if (!line) throw new Error(`the engine didn't start: ${this.said}`);
    return JSON.parse(line);
  }

  async kill() {
    if (this.process.exitCode === null) this.process.kill("SIGKILL");
    await this.gone;
  }
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
