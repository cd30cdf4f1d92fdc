/**
 * A trigger, three actions and their values drawn at random from what the program says it can do,
 * then built from an empty workflow on the screens, published and run. Nothing here knows any
 * connector: a new one is drawn as soon as it is listed.
 */
import assert from "node:assert/strict";

import { Dice } from "./lib/dice.mjs";
import { fillField, valueFor } from "./lib/fields.mjs";
import { openPage } from "./lib/page.mjs";
import { test } from "./lib/report.mjs";
import { until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const ROUNDS = 4;

/** Everything the program can do, except what only test builds have. */
function catalog(workspace) {
  const ids = workspace.json("connectors", "list").map((connector) => connector.id);
  const shown = ids.filter((id) => id !== "testing").map((id) => workspace.json("connectors", "show", id));
  return {
    triggers: shown.flatMap((connector) => connector.triggers),
    actions: shown.flatMap((connector) => connector.actions),
  };
}

/** A value for every required field, and for about half of the others. */
function draw(dice, workspace, info, number) {
  const filled = info.fields.filter((field) => field.required || dice.below(2) === 0);
  return { info, values: filled.map((field) => ({ field, ...valueFor(dice, workspace, field, number) })) };
}

async function pick(screen, info) {
  await screen.sees("picker");
  await screen.at("picker-search").fill(info.name);
  await screen.click(`picker-item-${info.id}`);
  await screen.seesNot("picker");
  await screen.sees("panel");
}

async function fill(screen, drawn) {
  for (const { field, value } of drawn.values) {
    if (field.advanced && !(await screen.at(`field-${field.id}`).isVisible())) {
      await screen.click("more-options");
    }
    await fillField(screen, field, value);
  }
}

async function build(screen, trigger, actions) {
  await screen.click("start-from-nothing");
  await screen.click("choose-trigger");
  await pick(screen, trigger.info);
  await fill(screen, trigger);
  for (const [position, action] of actions.entries()) {
    await screen.click(`add-step-${position}`);
    await pick(screen, action.info);
    // Steps share field names: until the new step's panel is there, its fields are another step's.
    await until("the step is added and open", async () => {
      const cards = await screen.page.locator("[data-testid^=step-card-]").count();
      return cards === position + 1 && (await screen.text("panel")).includes(action.info.name);
    });
    await fill(screen, action);
  }
  await until("the draft is kept", async () => /kept/i.test(await screen.text("draft-state")));
}

async function switchOn(screen) {
  const isReady = () => screen.at("switch-on").isEnabled();
  await until("it can be switched on", isReady).catch(async (error) => {
    throw new Error(`${error.message}: ${await whatIsMissing(screen)}`);
  });
  await screen.click("switch-on");
  await screen.sees("workflow-switch");
}

/** What the screen says must be done before the workflow can be switched on. */
async function whatIsMissing(screen) {
  const state = await screen.text("draft-state");
  if (!(await screen.at("problems-button").isVisible())) return `nothing is said to be missing (${state})`;
  await screen.click("problems-button");
  return `${await screen.text("problems")} (${state})`;
}

/** Makes the trigger notice something. */
async function start(screen, workspace, trigger, workflow) {
  if (trigger.info.source === "folder") {
    workspace.write("Watched/new file.txt", "something new");
    return;
  }
  await screen.go("/");
  await screen.click(`workflow-menu-${workflow}`);
  await screen.click("menu-run");
  const inputs = trigger.values.find(({ field }) => field.kind === "inputs")?.value ?? [];
  for (const { name } of inputs) await screen.at(`ask-${name}`).fill("something");
  await screen.click("ask-go");
}

function describe({ info, values }) {
  return `${info.id} ${JSON.stringify(Object.fromEntries(values.map(({ field, value }) => [field.id, value])))}`;
}

for (let round = 1; round <= ROUNDS; round += 1) {
  test(`a workflow drawn at random is built, published and run (${round} of ${ROUNDS})`, async (t) => {
    const dice = new Dice(`round ${round}`);
    for (let skipped = 1; skipped < round; skipped += 1) dice.state = (dice.state + 977 * skipped) >>> 0;
    const workspace = new Workspace(t);
    workspace.folders("Watched", "Out");
    const engine = await workspace.serve();
    const { triggers, actions } = catalog(workspace);
    const trigger = draw(dice, workspace, dice.oneOf(triggers), 0);
    const chosen = [1, 2, 3].map((number) => draw(dice, workspace, dice.oneOf(actions), number));
    for (const drawn of [trigger, ...chosen]) console.log(`       ${describe(drawn)}`);

    const screen = await openPage(t, engine.web);
    await build(screen, trigger, chosen);
    await switchOn(screen);
    const [{ id: workflow }] = workspace.json("workflow", "list");
    await start(screen, workspace, trigger, workflow);

    const runs = () => workspace.json("runs", "list", "--workflow", workflow);
    await until("its run ends", () => ["done", "attention"].includes(runs()[0]?.state), 30);
    const run = workspace.json("runs", "show", runs()[0].id);
    assert.equal(run.outcome, "ok", JSON.stringify(run.steps, null, 1));
    isWhatWasBuilt(run, workspace.json("workflow", "show", workflow).published, trigger, chosen);
    screen.hasNoFaults("random");
  });
}

/** The published document is what was typed and chosen, and each of its steps was done. */
function isWhatWasBuilt(run, document, trigger, chosen) {
  assert.equal(document.trigger.on, trigger.info.id);
  assert.deepEqual(
    document.steps.map((step) => step.do),
    chosen.map(({ info }) => info.id),
  );
  isFilledIn(document.trigger.with, trigger);
  for (const [position, action] of chosen.entries()) {
    isFilledIn(document.steps[position].with, action);
    assert.equal(run.steps[position].state, "succeeded");
  }
}

function isFilledIn(given, { values }) {
  // Choosing what is chosen anyway leaves a field out of the document.
  for (const { field, value } of values)
    assert.deepEqual(given?.[field.id] ?? field.default, value, field.id);
}
