/** What was typed is never lost: while the engine is away, over a reload, and with two pages on one workflow. */
import assert from "node:assert/strict";

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

async function opened(t) {
  const workspace = new Workspace(t);
  workspace.folders("Downloads", "Filed");
  const id = workspace.import(MOVE);
  const engine = await workspace.serve();
  const screen = await openPage(t, engine.web);
  await screen.go(`/workflows/${id}`);
  await screen.sees("workflow-name");
  const kept = () => workspace.json("workflow", "list")[0].name;
  return { workspace, engine, screen, id, kept };
}

/** Lets no question of this page reach the engine until the returned function is called. */
async function cutOff({ page }) {
  await page.route("**/rpc", (route) => route.abort());
  return () => page.unroute("**/rpc");
}

const rename = (screen, name) => screen.at("workflow-name").fill(name);

const shows = (screen, name) =>
  until(`the page shows ${name}`, async () => (await screen.at("workflow-name").inputValue()) === name);

test("what was typed while the engine was away is kept once it is back, on whatever page", async (t) => {
  const { screen, id, kept } = await opened(t);
  const reconnect = await cutOff(screen);
  await rename(screen, "Typed while away");
  await screen.go("/");
  await screen.sees("engine-gone");
  await reconnect();
  await until("it is kept", () => kept() === "Typed while away");
  await screen.go(`/workflows/${id}`);
  await shows(screen, "Typed while away");
  screen.hasNoFaults("away");
});

test("what wasn't kept is still there after a reload", async (t) => {
  const { screen, kept } = await opened(t);
  const reconnect = await cutOff(screen);
  await rename(screen, "Before the reload");
  await screen.page.reload();
  await screen.sees("engine-gone");
  await reconnect();
  await until("it is kept", () => kept() === "Before the reload");
  await shows(screen, "Before the reload");
});

test("a page that is left at once has kept the last word", async (t) => {
  const { screen, kept } = await opened(t);
  await rename(screen, "The last word");
  await screen.page.goto("about:blank");
  await until("it is kept", () => kept() === "The last word");
});

test("two pages on one workflow never overwrite each other silently", async (t) => {
  const { engine, screen, id, kept } = await opened(t);
  const other = await openPage(t, engine.web);
  await other.go(`/workflows/${id}`);
  await shows(other, MOVE.name);
  await rename(other, "From the other page");
  await shows(screen, "From the other page");

  const reconnect = await cutOff(screen);
  await rename(screen, "Mine");
  await screen.sees("engine-gone");
  await rename(other, "Theirs");
  await until("theirs is kept", () => kept() === "Theirs");
  await reconnect();
  await screen.sees("other-version");
  await stays("theirs isn't overwritten", () => kept() === "Theirs", 2);
  // The browser itself reports the refusal that this is about.
  screen.faults = screen.faults.filter((fault) => !fault.includes("409"));
  await screen.isSound("other-version");
  await screen.picture("other-version");
  await screen.click("keep-mine");
  await until("mine is kept", () => kept() === "Mine");
  await screen.seesNot("other-version");
  await shows(other, "Mine");
  other.hasNoFaults("the other page");
});

test("a page of an earlier start says which address to open, and keeps what was typed", async (t) => {
  const { workspace, engine, screen, kept } = await opened(t);
  await engine.kill();
  await rename(screen, "Typed over a restart");
  await screen.sees("engine-gone");
  const { web } = await workspace.serve({ port: new URL(engine.web).port });
  await until("it says so", async () => (await screen.text("engine-gone")).includes("new address"));
  await screen.picture("new-address");
  await screen.page.goto(web);
  await until("it is kept", () => kept() === "Typed over a restart");
  await screen.seesNot("engine-gone");
});

test("the longest name without a space makes no screen wider", async (t) => {
  const workspace = new Workspace(t);
  workspace.folders("Downloads", "Filed");
  const steps = [
    ...MOVE.steps,
    { id: "read", do: "files.read_text", with: { file: `~/Filed/${"y".repeat(200)}.txt` } },
  ];
  const id = workspace.import({ ...MOVE, name: "N".repeat(200), steps }, "--enable");
  const engine = await workspace.serve();
  const screen = await openPage(t, engine.web);
  workspace.write(`Downloads/${"x".repeat(230)}.pdf`);
  await until("it needs attention", () => workspace.json("runs", "list")[0]?.state === "attention");
  const [{ id: run }] = workspace.json("runs", "list");
  for (const [route, seen] of routesOf(id, run, "read")) {
    await screen.go(route);
    await screen.sees(seen);
    assert.deepEqual(await scrolledSideways(screen), [], route);
    await screen.isSound(route);
    await screen.picture(`long-name-${seen.replace(/-[0-9a-f-]{36}$/, "")}`);
  }
});

/** What a person would have to scroll sideways. */
function scrolledSideways({ page }) {
  return page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.className),
  );
}
