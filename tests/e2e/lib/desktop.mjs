/** A whole desktop for one test: a screen, a window manager, a session bus with its services. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { built, DESKTOP, RESULTS } from "./paths.mjs";
import { until } from "./wait.mjs";

/** Starts a program that ends with the test, and gives its first line of output. */
async function keep(t, command, args, options = {}) {
  const program = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"], ...options });
  t.atEnd(() => program.kill());
  await new Promise((resolve, reject) => {
    program.once("spawn", resolve);
    program.once("error", () => reject(new Error(`${command} can't be started: is it installed?`)));
  });
  return program;
}

async function firstLine(stream) {
  const lines = createInterface({ input: stream });
  return await new Promise((resolve) => lines.once("line", resolve));
}

export class Desktop {
  /** Starts everything; programs run with `workspace.environment` from then on. */
  static async start(t, workspace) {
    const desktop = new Desktop(workspace);
    await desktop.startScreen(t);
    await desktop.startBus(t);
    await keep(t, "openbox", [], { env: desktop.environment });
    await desktop.startServices(t);
    return desktop;
  }

  constructor(workspace) {
    this.workspace = workspace;
    this.environment = workspace.environment;
    this.events = [];
    const folders = {
      XDG_RUNTIME_DIR: "run",
      XDG_DATA_HOME: "share",
      XDG_CONFIG_HOME: "config",
      XDG_CACHE_HOME: "cache",
    };
    for (const [variable, name] of Object.entries(folders)) {
      this.environment[variable] = join(workspace.root, name);
      mkdirSync(this.environment[variable], { mode: 0o700 });
    }
    Object.assign(this.environment, {
      ERRAND_DATA: workspace.data,
      ERRAND_PROGRAM: built("errand"),
      GDK_BACKEND: "x11",
      XDG_SESSION_TYPE: "x11",
      NO_AT_BRIDGE: "1",
      WEBKIT_DISABLE_DMABUF_RENDERER: "1",
    });
  }

  async startScreen(t) {
    const args = ["-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
    const screen = await keep(t, "Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    this.environment.DISPLAY = `:${(await firstLine(screen.stdio[3])).trim()}`;
  }

  async startBus(t) {
    const args = ["--session", "--nofork", "--print-address"];
    const bus = await keep(t, "dbus-daemon", args, { env: this.environment });
    this.environment.DBUS_SESSION_BUS_ADDRESS = (await firstLine(bus.stdout)).trim();
  }

  async startServices(t) {
    this.services = await keep(t, "/usr/bin/python3", [DESKTOP], { env: this.environment });
    createInterface({ input: this.services.stdout }).on("line", (line) => this.events.push(JSON.parse(line)));
    await this.hears("ready", () => true);
  }

  /** The first thing of this kind that fits, once it has happened. */
  async hears(kind, fits, limit = 20) {
    const find = () => this.events.find((event) => event.kind === kind && fits(event));
    return await until(`the desktop hears a ${kind}`, find, limit);
  }

  count(kind) {
    return this.events.filter((event) => event.kind === kind).length;
  }

  /** The tray menu's entries as they are now. */
  async menu() {
    const before = this.count("menu");
    this.services.stdin.write("\n");
    await until("the menu is read", () => this.count("menu") > before);
    return this.events.findLast((event) => event.kind === "menu").entries;
  }

  /** Clicks the first entry of the tray's menu that fits. */
  async clickTray(pattern) {
    const entry = await until(`the menu has ${pattern}`, async () =>
      (await this.menu()).find((text) => pattern.test(text)),
    );
    const before = this.count("clicked");
    this.services.stdin.write(`${entry}\n`);
    await until(`${entry} is clicked`, () => this.count("clicked") > before);
  }

  xdotool(...args) {
    return spawnSync("xdotool", args, { env: this.environment, encoding: "utf8" }).stdout.trim();
  }

  /** Names of the windows that can be seen. */
  windows() {
    const ids = this.xdotool("search", "--onlyvisible", "--name", ".").split("\n").filter(Boolean);
    return ids.map((id) => ({ id, name: this.xdotool("getwindowname", id) }));
  }

  /** Types a folder into the system's own dialog. */
  async chooseInDialog(folder) {
    const isDialog = ({ name }) => /folder|directory|select|open/i.test(name);
    const dialog = await until("the system's dialog opens", () => this.windows().find(isDialog));
    this.xdotool("windowactivate", "--sync", dialog.id);
    this.xdotool("type", "--delay", "15", folder);
    const isGone = () => !this.windows().some(({ id }) => id === dialog.id);
    for (let tries = 0; tries < 4 && !isGone(); tries += 1) {
      this.xdotool("key", "Return");
      await until("the dialog closes", isGone, 2).catch(() => {});
    }
    await until("the dialog closes", isGone, 1);
  }

  picture(name) {
    spawnSync("import", ["-window", "root", join(RESULTS, `${name}.png`)], { env: this.environment });
  }

  /** Process ids of a program that belongs to this desktop. */
  processes(program) {
    return readdirSync("/proc")
      .filter((id) => /^\d+$/.test(id) && this.isOurs(id, program))
      .map(Number);
  }

  isOurs(id, program) {
    try {
      const isProgram = readlinkSync(`/proc/${id}/exe`).replace(/ \(deleted\)$/, "") === program;
      return (
        isProgram && readFileSync(`/proc/${id}/environ`, "utf8").includes(`HOME=${this.workspace.home}\0`)
      );
    } catch {
      // It ended while we looked.
      return false;
    }
  }
}
