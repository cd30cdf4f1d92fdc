/**
 * A trigger, three actions and their values drawn at random from what the program says it can do,
 * then built from an empty workflow on the screens, published and run. Nothing here knows any
 * connector: a new one is drawn as soon as it is listed.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { drawConnection, fittingTypes, saveConnection } from "./lib/connections.mjs";
import { Dice } from "./lib/dice.mjs";
import { fillField, valuesFor } from "./lib/fields.mjs";
import { openPage } from "./lib/page.mjs";
import { test } from "./lib/report.mjs";
import { openService } from "./lib/service.mjs";
import { until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const ROUNDS = 4;
/** The plainest way to start, for asking whether an action's values would do. */
const BY_HAND = "manual.start";

/** Everything the program can do, except what only test builds have. */
function catalog(workspace) {
  const ids = workspace.json("connectors", "list").map((connector) => connector.id);
  const shown = ids.filter((id) => id !== "testing").map((id) => workspace.json("connectors", "show", id));
  return {
    connectors: shown,
    triggers: shown.flatMap((connector) => connector.triggers),
    actions: shown.flatMap((connector) => connector.actions),
  };
}

/** A web service with a list of things, which accepts everybody and everything. */
async function openThings(t) {
  const things = [{ id: 1, title: "there at first", made: "2026-11-01T10:00:00Z" }];
  const service = await openService(t, () => ({ data: { things } }));
  return { ...service, things };
}

/** Values for every required field and for about half of the others. */
function draw(dice, world, info, number) {
  const wanted = info.fields.filter((field) => isNeeded(info, field) || dice.below(2) === 0);
  const values = wanted.map((field) => ({
    field,
    possible: valuesFor(dice, { ...world, info }, field, number),
  }));
  return { info, values: values.map((drawn) => ({ ...drawn, value: drawn.possible.shift() })), using: null };
}

/** Whoever asks again and again is told how often, for nobody waits for the usual minute here. */
function isNeeded({ source }, { kind, required }) {
  return required || (source === "poll" && kind === "duration");
}

/** An action signs in if it must, and about every other time if it can. */
function drawUsing(dice, { connectors, service }, drawn) {
  const { using } = drawn.info;
  const types = using ? fittingTypes(connectors, using) : [];
  if (using?.required)
    assert.ok(types.length > 0, `nobody told the tests how to sign in for ${drawn.info.id}`);
  if (types.length === 0 || !(using.required || (drawn.info.effect && dice.below(2) === 0))) return;
  const type = dice.oneOf(types);
  drawn.using = { key: `${using.connector}-${type.id}`, values: drawConnection(dice, type, service.address) };
}

/**
 * Fields exclude each other (a request has one body), and no list says which. So the program itself
 * is asked: what a preview refuses is drawn anew, or left out and said so. Required fields stay.
 */
async function settle(workspace, drawn) {
  for (;;) {
    const refused = await refusal(workspace, drawn);
    if (!refused) return;
    const { field, message } = refused;
    const at = drawn.values.find((value) => value.field.id === field);
    const another = at?.possible.shift();
    const optional = drawn.values.filter((value) => !value.field.required);
    const dropped = at && !at.field.required ? at : optional.at(-1);
    if (another !== undefined) at.value = another;
    else {
      assert.ok(dropped, `${drawn.info.id} can't be filled in: ${message}`);
      drawn.values.splice(drawn.values.indexOf(dropped), 1);
      console.log(`       left out ${drawn.info.id} ${dropped.field.id}: ${message}`);
    }
  }
}

/** What a preview of the action alone has against the values, or null. */
async function refusal(workspace, drawn) {
  const filled = Object.fromEntries(drawn.values.map(({ field, value }) => [field.id, value]));
  const step = { id: "step", do: drawn.info.id, with: filled };
  const document = { format: 1, name: "Would it do?", trigger: { on: BY_HAND }, steps: [step] };
  const file = join(workspace.root, "drawn.json");
  writeFileSync(file, JSON.stringify(document));
  const answer = await workspace.errandMeanwhile("run", file, "--preview", "--json");
  try {
    const [{ error }] = JSON.parse(answer.out).steps;
    return error && { field: error.field, message: error.message };
  } catch {
    return { field: /with\.(\w+)/.exec(answer.err)?.[1], message: answer.err || answer.out };
  }
}

async function pick(screen, info) {
  await screen.sees("picker");
  await screen.at("picker-search").fill(info.name);
  await screen.click(`picker-item-${info.id}`);
  await screen.seesNot("picker");
  await screen.sees("panel");
}

async function signIn(screen, { using }) {
  await screen.click("using-add");
  await screen.click(`connection-kind-${using.key}`);
  await saveConnection(screen, using.values);
  await screen.seesNot("connection-dialog");
  await screen.sees("using-state");
}

async function fill(screen, drawn) {
  if (drawn.using) await signIn(screen, drawn);
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

/** Makes the trigger notice something, as the world does for its kind of source. */
async function start(screen, { workspace, service }, trigger, workflow) {
  const starts = {
    folder: () => workspace.write("Watched/new file.txt", "something new"),
    folder_changes: () => workspace.write("Watched/there.txt", "something else"),
    manual: () => runNow(screen, trigger, workflow),
    schedule: () => runNow(screen, trigger, workflow),
    webhook: () => callHook(screen),
    poll: () => appears(service),
  };
  const { source } = trigger.info;
  assert.ok(starts[source], `nobody told the tests how to start a trigger of the source ${source}`);
  await starts[source]();
}

async function runNow(screen, trigger, workflow) {
  await screen.go("/");
  await screen.click(`workflow-menu-${workflow}`);
  await screen.click("menu-run");
  const inputs = trigger.values.find(({ field }) => field.kind === "inputs")?.value ?? [];
  for (const { name } of inputs) await screen.at(`ask-${name}`).fill("something");
  await until("it can be started", () => screen.at("ask-go").isEnabled());
  await screen.click("ask-go");
}

async function callHook(screen) {
  await screen.click("trigger-card");
  await screen.sees("hook-url");
  const address = (await screen.text("hook-url")).trim();
  const answer = await fetch(address, { method: "POST", body: JSON.stringify({ said: "something" }) });
  assert.ok(answer.ok, `the call was answered with ${answer.status}`);
}

/** What is there at the first look counts as known, so a thing must come after it. */
async function appears(service) {
  const before = service.asked.length;
  await until("it has looked twice", () => service.asked.length > before + 1);
  service.things.push({ id: 2, title: "new", made: "2026-11-02T10:00:00Z" });
}

function describe({ info, values, using }) {
  return `${info.id}${using ? ` with ${using.key}` : ""} ${JSON.stringify(Object.fromEntries(values.map(({ field, value }) => [field.id, value])))}`;
}

for (let round = 1; round <= ROUNDS; round += 1) {
  test(`a workflow drawn at random is built, published and run (${round} of ${ROUNDS})`, async (t) => {
    const dice = new Dice(`round ${round}`);
    for (let skipped = 1; skipped < round; skipped += 1) dice.state = (dice.state + 977 * skipped) >>> 0;
    const workspace = new Workspace(t);
    workspace.folders("Watched", "Out");
    const world = { workspace, service: await openThings(t), ...catalog(workspace) };
    const trigger = draw(dice, world, dice.oneOf(world.triggers), 0);
    const chosen = [1, 2, 3].map((number) => draw(dice, world, dice.oneOf(world.actions), number));
    for (const drawn of chosen) await settle(workspace, drawn);
    for (const drawn of [trigger, ...chosen]) drawUsing(dice, world, drawn);
    if (trigger.info.source === "folder_changes") workspace.write("Watched/there.txt", "something");
    for (const drawn of [trigger, ...chosen]) console.log(`       ${describe(drawn)}`);

    const engine = await workspace.serve();
    const screen = await openPage(t, engine.web);
    await build(screen, trigger, chosen);
    await switchOn(screen);
    const [{ id: workflow }] = workspace.json("workflow", "list");
    await start(screen, world, trigger, workflow);

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
