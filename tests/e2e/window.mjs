/** The real window on a desktop of its own, driven through WebDriver, xdotool and the session bus. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

import { remote } from "webdriverio";

import { Desktop } from "./lib/desktop.mjs";
import { built } from "./lib/paths.mjs";
import { test } from "./lib/report.mjs";
import { stays, until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const NOTIFY = {
  format: 1,
  name: "Say hello",
  trigger: { on: "manual.start" },
  steps: [{ id: "tell", do: "notify.show", with: { title: "Hello from a test", text: "there" } }],
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A desktop with the window open and a hand on it. */
async function openWindow(t, desktop) {
  const port = await freePort();
  const env = { ...desktop.environment, TAURI_WEBVIEW_AUTOMATION: "true" };
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
  t.atEnd(() => driver.kill());
  const window = await until("the window opens", () => connect(port).catch(() => null), 40);
  t.atEnd(() => window.deleteSession().catch(() => {}));
  return new Hand(window);
}

async function connect(port) {
  return await remote({
    hostname: "127.0.0.1",
    port,
    logLevel: "silent",
    connectionRetryCount: 0,
    capabilities: {
      "wdio:enforceWebDriverClassic": true,
      "webkitgtk:browserOptions": { binary: built("errand-window"), args: [] },
    },
  });
}

/** Clicks and looks by test id, counting the clicks. */
class Hand {
  clicks = 0;

  constructor(window) {
    this.window = window;
  }

  at(id) {
    return this.window.$(`[data-testid="${id}"]`);
  }

  async sees(id, limit = 20) {
    await this.at(id).waitForDisplayed({ timeout: limit * 1000, timeoutMsg: `${id} isn't there` });
  }

  async click(id) {
    await this.sees(id);
    await this.at(id).waitForEnabled({ timeout: 10_000 });
    await this.at(id).click();
    this.clicks += 1;
  }
}

/** Everything ends with the test, whatever started it. */
function endAll(t, desktop) {
  t.atEnd(() => {
    for (const name of ["errand", "errand-window"]) {
      for (const id of desktop.processes(realpathSync(built(name)))) process.kill(id, "SIGKILL");
    }
  });
}

async function isFiled(workspace, name) {
  workspace.write(`Downloads/${name}`);
  const filed = new RegExp(`^Invoices/\\d{4}-\\d{2}/${name}$`);
  await until(`${name} is filed`, () => workspace.files("Invoices").some((path) => filed.test(path)), 30);
  assert.deepEqual(workspace.files("Downloads"), [], "it is moved, not copied");
}

async function isTold(desktop, name) {
  const about = ({ summary, body }) => `${summary} ${body}`.includes(name);
  await desktop.hears("notification", about);
}

/** From the first launch to a workflow that is on. */
async function switchOnTemplate(hand, desktop, workspace) {
  await hand.sees("first-launch", 30);
  desktop.picture("window-first-launch");
  await hand.click("template-1-tidy-downloads");
  await hand.click("blank-trigger.with.folder");
  await desktop.chooseInDialog(workspace.path("Downloads"));
  await hand.click("blank-steps.file_it.with.to");
  await desktop.chooseInDialog(workspace.path("Invoices"));
  await hand.click("switch-on");
  await hand.sees("workflow-switch");
  desktop.picture("window-switched-on");
}

const engines = (desktop) => desktop.processes(realpathSync(built("errand")));
const windows = (desktop) => desktop.processes(realpathSync(built("errand-window")));

async function closeWindow(desktop) {
  const main = await until("the window is there", () =>
    desktop.windows().find(({ name }) => name === "Errand"),
  );
  desktop.xdotool("windowactivate", "--sync", main.id);
  desktop.xdotool("key", "alt+F4");
  await until("the window's process is gone", () => windows(desktop).length === 0);
}

async function engineComesBack(hand, desktop) {
  await hand.click("builder-back");
  const [engine] = engines(desktop);
  process.kill(engine, "SIGKILL");
  await hand.sees("engine-gone");
  desktop.picture("window-engine-gone");
  await hand.at("engine-gone").waitForDisplayed({ reverse: true, timeout: 30_000 });
  await until("a new engine runs", () => engines(desktop).some((id) => id !== engine));
  await hand.sees("new-workflow");
}

async function trayWorks(workspace, desktop) {
  await desktop.clickTray(/pause/i);
  workspace.write("Downloads/paused.pdf");
  await stays("nothing is moved while paused", () => workspace.files("Downloads").length === 1, 4);
  await desktop.clickTray(/go on/i);
  await until("it is moved afterwards", () => workspace.files("Downloads").length === 0);
  await desktop.clickTray(/open/i);
  await until("the window is back", () => windows(desktop).length === 1);
  await closeWindow(desktop);
  await desktop.clickTray(/quit/i);
  await until("the engine has ended", () => engines(desktop).length === 0);
}

test(
  "from the first launch of the window to a filed PDF, a notification, a closed window and a crash",
  async (t) => {
    const workspace = new Workspace(t);
    workspace.folders("Downloads", "Invoices");
    const desktop = await Desktop.start(t, workspace);
    endAll(t, desktop);
    const hand = await openWindow(t, desktop);

    await switchOnTemplate(hand, desktop, workspace);
    assert.ok(hand.clicks <= 8, `${hand.clicks} clicks`);
    await isFiled(workspace, "first.pdf");
    await isTold(desktop, "first.pdf");
    await desktop.hears("tray", () => true);
    const entries = await desktop.menu();
    for (const wanted of [/open/i, /run/i, /pause/i, /quit/i]) {
      assert.ok(
        entries.some((entry) => wanted.test(entry)),
        `${wanted} is missing in ${entries}`,
      );
    }

    await engineComesBack(hand, desktop);
    await isFiled(workspace, "second.pdf");
    await closeWindow(desktop);
    await isFiled(workspace, "third.pdf");
    await isTold(desktop, "third.pdf");
    await trayWorks(workspace, desktop);
  },
  { limit: 240 },
);

test("a preview shows no notification, and the real thing does", async (t) => {
  const workspace = new Workspace(t);
  const desktop = await Desktop.start(t, workspace);
  const file = join(workspace.root, "notify.yaml");
  writeFileSync(file, JSON.stringify(NOTIFY));
  const preview = JSON.parse(workspace.errand("run", file, "--preview", "--json").out);
  assert.match(preview.steps[0].would.summary, /Hello from a test/);
  const run = JSON.parse(workspace.errand("run", file, "--json").out);
  assert.equal(run.steps[0].output.shown, true);
  await desktop.hears("notification", ({ summary }) => summary === "Hello from a test");
  assert.equal(desktop.count("notification"), 1);
});
