/** The screens in a browser, served by `errand serve --web`. */
import assert from "node:assert/strict";

import { openPage } from "./lib/page.mjs";
import { test } from "./lib/report.mjs";
import { until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const TEMPLATE = "1-tidy-downloads";
const FOLDER = "trigger.with.folder";
const PLACE = "steps.file_it.with.to";

const READ_LATE = {
  name: "Read a file",
  trigger: { on: "manual.start" },
  steps: [
    { id: "read", do: "files.read_text", with: { file: "~/late.txt" } },
    { id: "keep", do: "files.write_text", with: { file: "~/kept.txt", text: "{{ steps.read.text }}" } },
  ],
};

const UNREPEATABLE = {
  name: "Not to be repeated",
  trigger: { on: "manual.start" },
  steps: [
    { id: "tell", do: "testing.unsafe_append", with: { file: "~/told.txt", text: "told" } },
    { id: "note", do: "files.append_text", with: { file: "~/log.txt", text: "went on" } },
  ],
};

async function firstLaunch(t) {
  const workspace = new Workspace(t);
  workspace.folders("Downloads", "Documents/Invoices");
  const engine = await workspace.serve();
  const screen = await openPage(t, engine.web);
  await screen.sees("first-launch");
  return { workspace, engine, screen };
}

/** From the first launch to a workflow that is on; `act` is a click or its keyboard twin. */
async function switchOnTemplate(screen, act) {
  await act(`template-${TEMPLATE}`);
  await screen.sees("blanks");
  await act(`blank-${FOLDER}`);
  await screen.chooseFolder("Downloads", act);
  await act(`blank-${PLACE}`);
  await screen.chooseFolder("Documents/Invoices", act);
  await until("it can be switched on", () => screen.at("switch-on").isEnabled());
  await act("switch-on");
  await isOn(screen);
}

async function isOn(screen) {
  const state = () => screen.at("workflow-switch").getAttribute("aria-checked");
  await until("the workflow is on", async () => (await state()) === "true");
}

/** Waits until a PDF that appears in Downloads lies in its month's folder. */
async function isFiled(workspace, name) {
  workspace.write(`Downloads/${name}`);
  const filed = new RegExp(`^Documents/Invoices/\\d{4}-\\d{2}/${name}$`);
  await until(`${name} is filed`, () => workspace.files("Documents").some((path) => filed.test(path)), 30);
  assert.deepEqual(workspace.files("Downloads"), []);
}

test("from the first launch to a filed PDF with a few clicks", async (t) => {
  const { workspace, screen } = await firstLaunch(t);
  let clicks = 0;
  await switchOnTemplate(screen, async (id) => {
    clicks += id.startsWith("folder-") ? 0 : 1;
    await screen.click(id);
  });
  assert.ok(clicks <= 8, `${clicks} clicks`);
  await isFiled(workspace, "a.pdf");

  await screen.go("/activity");
  await screen.like("run-row-").first().click();
  await screen.sees("run-step-file_it");
  await screen.click("run-step-file_it");
  await until("the step says where", async () =>
    (await screen.text("run-step-details-file_it")).includes("a.pdf"),
  );
  await screen.isSound("run");
});

test("the same with the keyboard alone", async (t) => {
  const { workspace, screen } = await firstLaunch(t);
  await switchOnTemplate(screen, (id) => screen.press(id));
  await isFiled(workspace, "a.pdf");
  screen.hasNoFaults("keyboard");
});

test("a change can be undone and redone, and the draft is kept", async (t) => {
  const { screen } = await firstLaunch(t);
  await screen.click(`template-${TEMPLATE}`);
  await screen.sees("blanks");
  const cards = () => screen.like("step-card-").count();
  const before = await cards();
  await screen.click("add-step-1");
  await screen.sees("picker");
  await screen.page.keyboard.type("stop");
  await screen.click("picker-item-stop");
  await until("the step is there", async () => (await cards()) === before + 1);
  await screen.click("undo");
  await until("the step is gone", async () => (await cards()) === before);
  await screen.click("redo");
  await until("the step is back", async () => (await cards()) === before + 1);
  await screen.page.keyboard.press("Escape");
  await until("the draft is kept", async () => /kept/i.test(await screen.text("draft-state")));
  await screen.page.reload();
  await until("the step is still there", async () => (await cards()) === before + 1);
  screen.hasNoFaults("undo");
});

test("a run that needs attention shows why, and goes on when it is retried", async (t) => {
  const workspace = new Workspace(t);
  const engine = await workspace.serve();
  const workflow = workspace.import(READ_LATE);
  const ran = workspace.errand("run", workflow, "--json");
  assert.equal(ran.code, 2, ran.err);
  const run = JSON.parse(ran.out).id;
  const screen = await openPage(t, engine.web);
  await screen.sees("nav-attention");
  await until("it is counted", async () => (await screen.text("attention-count")) === "1");
  await screen.click("nav-attention");
  await screen.sees(`attention-card-${run}`);
  await screen.go(`/runs/${run}`);
  await until("it says which file", async () =>
    (await screen.text(`attention-card-${run}`)).includes("late.txt"),
  );
  workspace.write("late.txt", "here now");
  await screen.click("run-retry");
  await until("it goes on", () => workspace.files().includes("kept.txt"));
  await until("the screen says so", async () => !(await screen.at("run-retry").first().isVisible()));
  assert.equal(workspace.json("runs", "show", run).outcome, "ok");
  await screen.isSound("run");
});

for (const [answer, fault, told, outcome] of [
  ["done", "engine.after_effect", 1, "ok"],
  ["again", "engine.before_effect", 1, "ok"],
  ["skip", "engine.before_effect", 0, "ok_with_skips"],
]) {
  test(`an interrupted step that can't be repeated asks, and “${answer}” does what it says`, async (t) => {
    const workspace = new Workspace(t);
    const workflow = workspace.import(UNREPEATABLE);
    const doomed = await workspace.serve({ fault });
    workspace.errand("run", workflow, "--detach");
    await doomed.gone;
    const engine = await workspace.serve();
    const screen = await openPage(t, engine.web);
    await screen.click("nav-attention");
    await screen.like("attention-card-").first().waitFor();
    await screen.click(`resolve-${answer}`);
    await until("it goes on", () => workspace.files().includes("log.txt"));
    await until(
      "nothing is left to answer",
      async () => (await screen.like("attention-card-").count()) === 0,
    );
    const count = workspace.files().includes("told.txt") ? 1 : 0;
    assert.equal(count, told);
    await until(`it ends ${outcome}`, () => workspace.json("runs", "list")[0].outcome === outcome);
    screen.hasNoFaults("unknown");
  });
}

test("nothing is answered without the token, or to another site", async (t) => {
  const workspace = new Workspace(t);
  const { web } = await workspace.serve();
  const address = new URL(web);
  const token = new URLSearchParams(address.hash.slice(1)).get("token");
  const ask = (headers) =>
    fetch(`${address.origin}/rpc`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ cmd: "workflows_list", payload: {} }),
    });
  const authorization = `Bearer ${token}`;
  assert.equal((await ask({ authorization })).status, 200);
  assert.ok([401, 403].includes((await ask({})).status));
  assert.ok([401, 403].includes((await ask({ authorization: "Bearer 0000" })).status));
  assert.ok([401, 403].includes((await ask({ authorization, origin: "http://evil.test" })).status));
});

test("a browser is told when the engine is gone", async (t) => {
  const { engine, screen } = await firstLaunch(t);
  await screen.go("/activity");
  await engine.kill();
  await screen.sees("engine-gone");
});

for (const dark of [false, true]) {
  const theme = dark ? "dark" : "light";
  test(`every screen is sound and is pictured, ${theme}`, async (t) => {
    const workspace = new Workspace(t);
    workspace.folders("Downloads", "Documents/Invoices");
    const engine = await workspace.serve();
    const screen = await openPage(t, engine.web, { dark });
    const shoot = async (name, id) => {
      await screen.sees(id);
      await screen.isSound(name);
      await screen.picture(`${name}-${theme}`);
    };
    await shoot("first-launch", "first-launch");
    await pictureBuilder(screen, shoot);
    await pictureRest(workspace, screen, shoot);
  });
}

async function pictureBuilder(screen, shoot) {
  await screen.click(`template-${TEMPLATE}`);
  await shoot("builder-draft", "blanks");
  await screen.click(`blank-${FOLDER}`);
  await shoot("folder-dialog", "folder-dialog");
  await screen.chooseFolder("Downloads");
  await screen.click(`blank-${PLACE}`);
  await screen.chooseFolder("Documents/Invoices");
  await screen.click("step-card-file_it");
  await screen.sees("would");
  await shoot("builder-panel", "panel");
  await screen.click("add-step-1");
  await shoot("picker", "picker");
  await screen.page.keyboard.press("Escape");
  await screen.click("try-it");
  await shoot("try-it", "try-dialog");
  await screen.page.keyboard.press("Escape");
  await screen.click("switch-on");
  await isOn(screen);
  await shoot("builder-on", "workflow-switch");
}

async function pictureRest(workspace, screen, shoot) {
  await isFiled(workspace, "a.pdf");
  const late = workspace.import(READ_LATE);
  const { id: failed } = JSON.parse(workspace.errand("run", late, "--json").out);
  await screen.go("/");
  await shoot("home", "new-workflow");
  await screen.go("/new");
  await shoot("chooser", "template-search");
  await screen.go("/activity");
  await screen.like("run-row-").nth(1).waitFor();
  await shoot("activity", "nav-activity");
  await screen.go(`/runs/${failed}`);
  await shoot("run-attention", "run-step-read");
  await screen.go("/attention");
  await shoot("attention", `attention-card-${failed}`);
  await screen.go("/settings");
  await screen.click("doctor-run");
  await screen.sees("doctor-finding-0");
  await shoot("settings", "setting-theme");
}
