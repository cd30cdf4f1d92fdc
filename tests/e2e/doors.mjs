/** The ways in and out as a person clicks them together: connections, webhooks, schedules, web APIs. */
import assert from "node:assert/strict";

import { openVault, saveConnection } from "./lib/connections.mjs";
import { openPage } from "./lib/page.mjs";
import { test } from "./lib/report.mjs";
import { openService } from "./lib/service.mjs";
import { until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const TOKEN = "token-that-nobody-may-see-4711";

async function opened(t) {
  const workspace = new Workspace(t);
  const engine = await workspace.serve();
  const screen = await openPage(t, engine.web);
  await screen.sees("first-launch");
  return { workspace, engine, screen };
}

async function fillConnection(screen, address, token) {
  await saveConnection(screen, { address, token });
}

async function add(screen, position, kind) {
  await screen.click(`add-step-${position}`);
  await screen.click(`picker-item-${kind}`);
  await screen.seesNot("picker");
}

async function beginWith(screen, trigger) {
  await screen.click("start-from-nothing");
  await screen.click("choose-trigger");
  await screen.click(`picker-item-${trigger}`);
  await screen.seesNot("picker");
  await screen.sees("panel");
}

async function switchOn(screen) {
  await until("it can be switched on", () => screen.at("switch-on").isEnabled());
  await screen.click("switch-on");
  await screen.sees("workflow-switch");
}

const isTested = ({ method, headers }) => method === "GET" && headers.authorization === `Bearer ${TOKEN}`;

test("a webhook calls a service with a connection made on the way, and the run shows it", async (t) => {
  const service = await openService(t, (request) =>
    request.headers.authorization === `Bearer ${TOKEN}` ? { taken: true } : { status: 401 },
  );
  const { workspace, screen } = await opened(t);
  await beginWith(screen, "webhook.received");
  assert.match(await screen.text("hook"), /as soon as you switch it on/);
  await add(screen, 0, "http.request");
  await screen.click("using-add");
  await screen.click("connection-kind-http-bearer");
  await fillConnection(screen, service.address, TOKEN);
  await screen.seesNot("connection-dialog");
  assert.ok(service.asked.some(isTested), "the connection was tested with its token");
  await until("it is chosen", async () => /Works/.test(await screen.text("using-state")));

  await screen.at("input-method").selectOption("POST");
  await screen.at("input-url").fill("/orders");
  await screen.at("input-url").blur();
  await screen.at("kind-json").selectOption("record");
  await screen.click("json-json-add");
  await screen.at("json-json-key-0").fill("customer");
  await screen.click("insert-json-0");
  await screen.at("value-search").fill("customer");
  await screen.click("insert-value-trigger.body.customer");
  await switchOn(screen);

  await screen.click("trigger-card");
  await screen.sees("hook-url");
  const url = (await screen.text("hook-url")).trim();
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ customer: "Grace", total: 7 }),
  });
  assert.ok(answer.ok, `the call was answered with ${answer.status}`);
  const sent = await until("the service heard of it", () =>
    service.asked.find(({ method, url: path }) => method === "POST" && path === "/orders"),
  );
  assert.deepEqual(JSON.parse(sent.text), { customer: "Grace" });
  assert.equal(sent.headers.authorization, `Bearer ${TOKEN}`);
  await until("the run has ended", () => workspace.json("runs", "list")[0]?.outcome === "ok");
  const [{ id: run }] = workspace.json("runs", "list");
  await screen.go(`/runs/${run}`);
  await screen.click("run-step-request");
  assert.match(await screen.text("run-step-request"), /orders/);
  await isNowhere(screen);
  await screen.go("/connections");
  await screen.like("connection-row-").first().waitFor();
  await isNowhere(screen);
  await screen.isSound("doors");
});

async function isNowhere(screen) {
  const shown = await screen.page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!shown.includes(TOKEN), "the secret is on the screen");
}

test("a connection that is refused says so, is mended, tested and removed", async (t) => {
  let accepted = "first";
  const service = await openService(t, ({ headers }) =>
    headers.authorization === `Bearer ${accepted}` ? {} : { status: 401 },
  );
  const { screen } = await opened(t);
  await screen.go("/connections");
  await screen.click("connection-add");
  await screen.click("connection-kind-http-bearer");
  await fillConnection(screen, service.address, "wrong");
  await screen.sees("connection-tested");
  await screen.at("connection-input-token").fill("first");
  await screen.click("connection-save");
  await screen.seesNot("connection-dialog");
  const row = screen.like("connection-row-").first();
  await until("it works", async () => /Works/.test(await row.textContent()));

  accepted = "second";
  await screen.like("connection-test-").first().click();
  await until("it is broken", async () => /Doesn’t work/.test(await row.textContent()));
  await screen.like("connection-mend-").first().click();
  await screen.at("connection-input-token").fill("second");
  await screen.click("connection-save");
  await screen.seesNot("connection-dialog");
  await until("it works again", async () => /Works/.test(await row.textContent()));

  await screen.like("connection-menu-").first().click();
  await screen.click("connection-remove");
  await screen.click("confirm-yes");
  await screen.sees("connections-empty");
  screen.hasNoFaults("connections");
});

test("a list is found in a real answer, and each new item in it starts a run", async (t) => {
  const orders = [
    { id: 1, title: "Tea", created_at: "2026-11-01T10:00:00Z" },
    { id: 2, title: "Cake", created_at: "2026-11-02T10:00:00Z" },
  ];
  const service = await openService(t, () => ({ data: { orders }, tags: ["a"] }));
  const { workspace, screen } = await opened(t);
  await beginWith(screen, "http.new_items");
  await screen.at("input-url").fill(`${service.address}/orders`);
  await screen.at("input-url").blur();
  await screen.at("input-every").fill("1");
  await screen.at("unit-every").selectOption("s");
  await screen.click("look");
  const lists = screen.like("found-list-");
  await lists.filter({ hasText: "data.orders" }).click();
  await screen.click("candidate-key-id");
  await until("an item is the example", async () => /Tea|Cake/.test(await screen.text("would")));
  await add(screen, 0, "files.append_text");
  await screen.at("input-file").fill("~/orders.txt");
  await screen.click("insert-text");
  await screen.at("value-search").fill("title");
  await screen.click("insert-value-trigger.title");
  await switchOn(screen);
  await until("it has looked once", () => service.asked.length > 1);
  const health = () => workspace.json("runs", "list");
  const before = service.asked.length;
  await until("it looks again", () => service.asked.length > before + 1);
  assert.deepEqual(health(), [], "what was there at first starts nothing");
  orders.push({ id: 3, title: "Bread", created_at: "2026-11-03T10:00:00Z" });
  await until("the new one is written down", () => workspace.files().includes("orders.txt"));
  await until("its run has ended", () => health()[0]?.outcome === "ok");
  assert.equal(health().length, 1);
  screen.hasNoFaults("polling");
});

test("a schedule shows the next five times as its fields are changed", async (t) => {
  const { workspace, screen } = await opened(t);
  await beginWith(screen, "schedule.at");
  await screen.at("input-at").fill("08:30");
  await screen.click("more-options");
  await screen.click("input-timezone");
  await screen.at("zone-search").fill("Tokyo");
  await screen.click("zone-Asia/Tokyo");
  const times = screen.at("upcoming").locator("li");
  await until("five times show", async () => (await times.count()) === 5);
  const first = await times.first().textContent();
  assert.match(first, /08:30/);
  await screen.at("input-on").selectOption("week");
  await screen.click("day-on-monday");
  const all = async () => await times.allTextContents();
  await until("all are Mondays", async () => (await all()).every((text) => text.startsWith("Mon")));
  await screen.at("missed").selectOption("skip");
  await until("the rule is kept", () => {
    const [{ id }] = workspace.json("workflow", "list");
    return /missed: skip/.test(workspace.errand("workflow", "export", id).out);
  });
  screen.hasNoFaults("schedule");
});

test("a pasted cURL command fills in a step and says which connection it needs", async (t) => {
  const service = await openService(t);
  const { screen } = await opened(t);
  await beginWith(screen, "manual.start");
  await add(screen, 0, "http.request");
  await screen.click("paste");
  const command = `curl -X POST '${service.address}/orders?state=open' -H 'Authorization: Bearer ${TOKEN}' -H 'Content-Type: application/json' -d '{"amount": 5}'`;
  await screen.at("paste-text").fill(command);
  await screen.click("paste-go");
  await screen.seesNot("paste-dialog");
  assert.match(await screen.text("pasted"), /Bearer token/);
  assert.equal(await screen.at("input-method").inputValue(), "POST");
  await isNowhere(screen);
  await screen.click("paste-connection");
  assert.equal(await screen.at("connection-input-address").inputValue(), service.address);
  screen.hasNoFaults("paste");
});

test("after a restart the pass phrase is asked for, and what waited goes on", async (t) => {
  const service = await openService(t);
  const { workspace, engine, screen } = await opened(t);
  await beginWith(screen, "webhook.received");
  await add(screen, 0, "http.request");
  await screen.click("using-add");
  await screen.click("connection-kind-http-bearer");
  await fillConnection(screen, service.address, TOKEN);
  await screen.seesNot("connection-dialog");
  await screen.at("input-url").fill("/orders");
  await screen.at("input-url").blur();
  await switchOn(screen);
  await screen.click("trigger-card");
  await screen.sees("hook-url");
  const url = (await screen.text("hook-url")).trim();
  await engine.kill();
  service.asked.length = 0;

  const again = await workspace.serve();
  const after = await openPage(t, again.web);
  await until("a call is taken", async () => (await fetch(url, { method: "POST", body: "{}" })).ok);
  const run = () => workspace.json("runs", "list")[0];
  await until("its run waits", () => run()?.state === "waiting");
  await after.go("/attention");
  await after.sees("pass-phrase");
  await after.at("pass-phrase").fill("not the pass phrase");
  await after.click("vault-unlock");
  await until("a wrong one is refused", async () => /pass phrase/i.test(await after.text("vault-problem")));
  assert.equal(run().state, "waiting");
  // The browser itself reports an answer that is a refusal.
  after.faults = [];
  await openVault(after);
  await until("the run goes on and ends", () => run().outcome === "ok");
  assert.equal(service.asked.filter(({ url: path }) => path === "/orders").length, 1);
  await after.sees("attention-empty");
  after.hasNoFaults("pass phrase");
});

const SHOWN = {
  hook: {
    name: "New orders to accounting",
    trigger: { on: "webhook.received" },
    steps: [
      {
        id: "send",
        do: "http.request",
        with: { method: "POST", json: { who: "{{ trigger.body.customer }}", tags: ["web", 1, true] } },
      },
    ],
  },
  schedule: {
    name: "Rent",
    trigger: {
      on: "schedule.at",
      with: { at: ["08:30", "17:00"], on: [1, 15, "last"], timezone: "Europe/Berlin" },
    },
    steps: [{ id: "tell", do: "notify.show", with: { title: "Rent" } }],
  },
  poll: {
    name: "New orders",
    trigger: { on: "http.new_items", with: {} },
    steps: [{ id: "tell", do: "notify.show", with: { title: "{{ trigger.title }}" } }],
  },
};

for (const theme of ["light", "dark"]) {
  test(`every door is sound and is pictured, ${theme}`, async (t) => {
    const orders = [
      { id: 1, title: "Tea" },
      { id: 2, title: "Cake" },
    ];
    const service = await openService(t, ({ headers }) =>
      headers.authorization === "Bearer wrong" ? { status: 401 } : { data: { orders }, tags: ["a"] },
    );
    const workspace = new Workspace(t);
    SHOWN.hook.steps[0].with.url = `${service.address}/orders`;
    SHOWN.poll.trigger.with.url = `${service.address}/orders`;
    const ids = {};
    for (const [name, document] of Object.entries(SHOWN)) {
      ids[name] = workspace.import(document, ...(name === "hook" ? ["--enable"] : []));
    }
    const engine = await workspace.serve();
    const screen = await openPage(t, engine.web, { dark: theme === "dark" });
    const shoot = async (name, id) => {
      await screen.sees(id);
      await screen.isSound(name);
      await screen.picture(`${name}-${theme}`);
    };
    await pictureConnections(screen, service, shoot);
    await screen.go(`/workflows/${ids.hook}`);
    await screen.click("trigger-card");
    await shoot("webhook", "hook-url");
    await screen.click("step-card-send");
    await screen.click("more-options");
    await shoot("request", "field-timeout");
    await screen.go(`/workflows/${ids.schedule}`);
    await shoot("schedule", "upcoming");
    await screen.go(`/workflows/${ids.poll}`);
    await screen.click("look");
    await shoot("poll", "found-list-0");
    await screen.go("/settings");
    await shoot("settings-hooks", "relay");
  });
}

async function pictureConnections(screen, service, shoot) {
  await screen.go("/connections");
  await shoot("connections-empty", "connections-empty");
  await screen.click("connection-add");
  await shoot("connection-kinds", "connection-kind-http-bearer");
  await screen.click("connection-kind-http-bearer");
  await shoot("connection-form", "connection-save");
  await fillConnection(screen, service.address, "wrong");
  await shoot("connection-refused", "connection-tested");
  await screen.click("connection-keep");
  await screen.like("connection-row-").first().waitFor();
  await shoot("connections", "nav-connections");
  await screen.like("connection-menu-").first().click();
  await screen.click("connection-remove");
  await shoot("connection-remove", "confirm");
  await screen.page.keyboard.press("Escape");
  await screen.go("/attention");
  await shoot("attention-connection", "mend");
}
