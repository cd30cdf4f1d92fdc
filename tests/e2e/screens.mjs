/** What people do every day on the screens, and what the outside world must not be able to do there. */
import assert from "node:assert/strict";
import { join } from "node:path";

import { openPage } from "./lib/page.mjs";
import { test } from "./lib/report.mjs";
import { routesOf } from "./lib/routes.mjs";
import { stays, until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const MOVE = {
  name: "File new PDFs",
  trigger: { on: "files.new_file", with: { folder: "~/Downloads", matching: "*.pdf" } },
  steps: [{ id: "file_it", do: "files.move", with: { file: "{{ trigger.path }}", to: "~/Filed/" } }],
};

/** Text that would run if any screen took it for more than text. */
const HOSTILE = "<img src=x onerror=window.hacked=1>";

async function opened(t, document, ...more) {
  const workspace = new Workspace(t);
  workspace.folders("Downloads", "Filed");
  const id = document && workspace.import(document, ...more);
  const engine = await workspace.serve();
  const screen = await openPage(t, engine.web);
  return { workspace, screen, id };
}

/** Opens the menu of a workflow's row and takes an entry. */
async function fromMenu(screen, id, entry) {
  await screen.click(`workflow-menu-${id}`);
  await screen.click(entry);
}

test("a workflow is switched off and on again from the home screen", async (t) => {
  const { workspace, screen, id } = await opened(t, MOVE, "--enable");
  const knob = screen.at(`workflow-switch-${id}`);
  await knob.click();
  await until("it is off", async () => (await knob.getAttribute("aria-checked")) === "false");
  assert.equal(workspace.json("workflow", "list")[0].enabled, false);
  await knob.click();
  await until("it is on", async () => (await knob.getAttribute("aria-checked")) === "true");
  workspace.write("Downloads/a.pdf");
  await until("it works", () => workspace.files("Filed").length === 1);
  screen.hasNoFaults("switch");
});

test("a workflow that isn't finished is not switched on from the home screen, and what is missing is shown", async (t) => {
  const { workspace, screen, id } = await opened(t, { ...MOVE, trigger: undefined });
  await screen.click(`workflow-switch-${id}`);
  await screen.sees("problems-button");
  assert.match(await screen.text("toast"), /can’t be switched on yet/);
  assert.equal(workspace.json("workflow", "list")[0].enabled, false);
});

test("deleting a step whose values are used says where, and undo brings it back", async (t) => {
  const steps = [
    { id: "read", do: "files.read_text", with: { file: "{{ trigger.path }}" } },
    { id: "tell", do: "notify.show", with: { title: "{{ steps.read.text }}" } },
  ];
  const { screen, id } = await opened(t, { ...MOVE, steps });
  await screen.go(`/workflows/${id}`);
  await screen.click("step-card-read");
  await screen.click("step-menu");
  await screen.click("step-delete");
  await screen.seesNot("step-card-read");
  assert.match(await screen.text("toast"), /still used by 1 · Show the message/);
  await screen.click("undo");
  await screen.sees("step-card-read");
  await screen.seesNot("problems-button");
});

test("a deleted workflow can be taken back", async (t) => {
  const { workspace, screen, id } = await opened(t, MOVE);
  await fromMenu(screen, id, "menu-delete");
  await until("it is gone", () => workspace.json("workflow", "list").length === 0);
  await screen.click("toast-undo");
  await screen.sees(`workflow-row-${id}`);
  assert.equal(workspace.json("workflow", "list")[0].enabled, false);
});

test("a workflow is duplicated and run now for a file that is there", async (t) => {
  const { workspace, screen, id } = await opened(t, MOVE);
  workspace.write("Downloads/there.pdf");
  await fromMenu(screen, id, "menu-duplicate");
  await screen.sees("workflow-name");
  await screen.go("/");
  assert.equal(workspace.json("workflow", "list").length, 2);
  await fromMenu(screen, id, "menu-run");
  await screen.sees("run-sample");
  await screen.click("ask-go");
  await screen.sees("run-step-file_it");
  await until("it is moved", () => workspace.files("Filed").includes("Filed/there.pdf"));
});

test("a workflow file is opened on the screens and arrives switched off", async (t) => {
  const { workspace, screen } = await opened(t);
  workspace.import(MOVE);
  const file = join(workspace.root, "document.yaml");
  await screen.go("/new");
  await screen.at("open-file-input").setInputFiles(file);
  await screen.sees("switch-on");
  const listed = workspace.json("workflow", "list");
  assert.deepEqual(
    listed.map(({ enabled }) => enabled),
    [false, false],
  );
});

test("what a step would do with a real file is shown under its fields, and not done", async (t) => {
  const { workspace, screen, id } = await opened(t, MOVE);
  workspace.write("Downloads/real.pdf");
  await screen.go(`/workflows/${id}`);
  await screen.click("step-card-file_it");
  const summary = async () => await screen.text("would-summary");
  await until("it says what", async () => /real\.pdf.*Filed/s.test(await summary()));
  await screen.click("try-it");
  await until("the dialog says so too", async () =>
    (await screen.text("try-step-file_it")).includes("real.pdf"),
  );
  assert.deepEqual(workspace.files(), ["Downloads/real.pdf"]);
  await screen.click("try-run");
  await until("for real it is moved", () => workspace.files().includes("Filed/real.pdf"));
});

test("a condition and an inserted value that were clicked together do what they say", async (t) => {
  const { workspace, screen, id } = await opened(t, { ...MOVE, steps: [] });
  await screen.go(`/workflows/${id}`);
  await add(screen, 0, "only_if");
  await screen.click("insert-cond-left-0");
  await screen.click("insert-value-trigger.name");
  await screen.at("cond-is-0").selectOption("contains");
  await screen.at("cond-right-0").fill("invoice");
  await add(screen, 1, "files.append_text");
  await screen.at("input-file").fill("~/Filed/log.txt");
  await screen.click("insert-text");
  await screen.click("insert-value-trigger.stem");
  await until(
    "the value is a pill",
    async () => (await screen.at("input-text").locator(".pill").count()) === 1,
  );
  await until("it can be switched on", () => screen.at("switch-on").isEnabled());
  await screen.click("switch-on");
  await screen.sees("workflow-switch");
  workspace.write("Downloads/menu.pdf");
  workspace.write("Downloads/Invoice 7.pdf");
  await until("the invoice is noted", () => workspace.files().includes("Filed/log.txt"));
  const outcomes = () =>
    workspace
      .json("runs", "list")
      .map(({ outcome }) => outcome)
      .sort();
  await until("both have ended", () => outcomes().join() === "filtered,ok");
  screen.hasNoFaults("condition");
});

async function add(screen, position, kind) {
  await screen.click(`add-step-${position}`);
  await screen.click(`picker-item-${kind}`);
  await screen.sees("panel");
}

test("pausing in the settings holds new runs back until it is ended", async (t) => {
  const { workspace, screen } = await opened(t, MOVE, "--enable");
  await screen.go("/settings");
  await screen.click("setting-pause");
  await until("it says so", async () => /paused/i.test(await screen.text("engine-state")));
  workspace.write("Downloads/a.pdf");
  await stays("nothing is moved", () => workspace.files("Filed").length === 0, 4);
  await screen.click("setting-pause");
  await until("it goes on", () => workspace.files("Filed").length === 1);
});

test("the chosen colours stay", async (t) => {
  const { screen } = await opened(t, MOVE);
  await screen.go("/settings");
  const ground = () => screen.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await screen.at("setting-theme").selectOption("dark");
  await until("it is dark", async () => (await ground()) !== light);
  const dark = await ground();
  await screen.page.reload();
  await screen.sees("setting-theme");
  await until("it is still dark", async () => (await ground()) === dark);
});

test("names from outside are text and nothing else, on every screen", async (t) => {
  const named = { ...MOVE, name: HOSTILE, about: HOSTILE };
  named.steps = [
    ...MOVE.steps,
    { id: "read", name: HOSTILE, do: "files.read_text", with: { file: "~/Filed/none.txt" } },
  ];
  const { workspace, screen, id } = await opened(t, named, "--enable");
  workspace.write(`Downloads/${HOSTILE}.pdf`);
  await until("it needs attention", () => workspace.json("runs", "list")[0]?.state === "attention");
  const [{ id: run }] = workspace.json("runs", "list");
  for (const [route, seen] of routesOf(id, run, "read")) {
    await screen.go(route);
    await screen.sees(seen);
    assert.equal(await screen.page.evaluate(() => window.hacked), undefined, route);
    assert.equal(await screen.page.locator("img[src=x]").count(), 0, route);
  }
  screen.hasNoFaults("hostile names");
});
