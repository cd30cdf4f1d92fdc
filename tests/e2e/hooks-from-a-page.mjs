/**
 * A page of another origin that even knows a webhook's address tries every way a browser has to call
 * it. Nothing of that becomes an event.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";

import { chromium as playwright } from "playwright-core";

import { chromium } from "./lib/paths.mjs";
import { test } from "./lib/report.mjs";
import { until } from "./lib/wait.mjs";
import { Workspace } from "./lib/workspace.mjs";

const ELSEWHERE = "elsewhere.test";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  `--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`,
];
const ENCTYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

const webhook = (name, more = {}) => ({
  name,
  trigger: { on: "webhook.received", with: more },
  steps: [{ id: "keep", set: { body: "{{ trigger.raw }}" } }],
});

/** A page of an origin of its own, in a real browser; its host's name leads to this computer. */
async function foreignPage(t, host) {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>Elsewhere</title><body></body>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.atEnd(() => server.close());
  const browser = await playwright.launch({ executablePath: chromium(), args: FLAGS });
  t.atEnd(() => browser.close());
  const context = await browser.newContext();
  const page = await context.newPage();
  const address = `http://${host}:${server.address().port}/`;
  await page.goto(address);
  return { page, address };
}

/** Every way to call; each is a name and what the page does. */
function shapes(url) {
  const port = new URL(url).port;
  const path = new URL(url).pathname;
  const named = (host) => `http://${host}:${port}${path}`;
  const calls = [];
  const fetches = (name, address, options) => calls.push([name, { kind: "fetch", address, options }]);
  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]) {
    fetches(`fetch ${method}`, url, { method, ...(!/GET|HEAD/.test(method) && { body: "{}" }) });
  }
  for (const method of ["GET", "POST"]) {
    fetches(`fetch ${method} no-cors`, url, { method, mode: "no-cors" });
    fetches(`fetch ${method} no referrer`, url, { method, mode: "no-cors", referrerPolicy: "no-referrer" });
  }
  fetches("fetch JSON", url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  fetches("fetch with a header", url, { method: "POST", headers: { "x-github-delivery": "1" } });
  fetches("fetch keepalive", url, { method: "POST", mode: "no-cors", keepalive: true, body: "a" });
  fetches("fetch with credentials", url, { method: "POST", mode: "no-cors", credentials: "include" });
  for (const host of [
    "localhost",
    "localhost.",
    "0.0.0.0",
    "[::1]",
    "127.1",
    "127.0.0.2",
    "2130706433",
    ELSEWHERE,
  ]) {
    fetches(`fetch from ${host}`, named(host), { method: "POST", mode: "no-cors", body: "a" });
    calls.push([
      `picture from ${host}`,
      { kind: "element", tag: "img", property: "src", address: named(host) },
    ]);
  }
  for (const enctype of ENCTYPES)
    calls.push([`form ${enctype}`, { kind: "form", method: "POST", enctype, address: url }]);
  calls.push(["form GET", { kind: "form", method: "GET", enctype: ENCTYPES[0], address: url }]);
  calls.push(["sendBeacon", { kind: "beacon", address: url }]);
  calls.push(["sendBeacon of a file", { kind: "beacon", address: url, type: "text/plain" }]);
  calls.push(["WebSocket", { kind: "socket", address: url.replace("http", "ws") }]);
  calls.push(["EventSource", { kind: "source", address: url }]);
  calls.push(["XMLHttpRequest", { kind: "xhr", address: url }]);
  for (const [tag, property] of [
    ["img", "src"],
    ["script", "src"],
    ["iframe", "src"],
    ["video", "src"],
    ["audio", "src"],
    ["embed", "src"],
    ["object", "data"],
  ]) {
    calls.push([`<${tag}>`, { kind: "element", tag, property, address: url }]);
  }
  for (const rel of ["stylesheet", "prefetch", "preload", "icon", "manifest"]) {
    calls.push([`<link rel=${rel}>`, { kind: "element", tag: "link", property: "href", address: url, rel }]);
  }
  calls.push(["CSS picture", { kind: "css", address: url }]);
  calls.push(["a new window", { kind: "window", address: url }]);
  calls.push(["worker", { kind: "worker", address: url }]);
  return calls;
}

/** Runs in the page. */
async function act(call) {
  const { kind, address } = call;
  const done = (target, ...names) =>
    Promise.race([
      new Promise((resolve) => setTimeout(resolve, 700)),
      ...names.map((name) => new Promise((resolve) => target.addEventListener(name, resolve))),
    ]);
  if (kind === "fetch") await fetch(address, call.options).catch(() => {});
  if (kind === "beacon")
    navigator.sendBeacon(address, call.type ? new Blob(["a"], { type: call.type }) : "a");
  if (kind === "socket") await done(new WebSocket(address), "error", "open");
  if (kind === "source") await done(new EventSource(address), "error", "open");
  if (kind === "xhr") {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.send("a");
    await done(request, "loadend");
  }
  if (kind === "element") {
    const element = document.createElement(call.tag);
    if (call.rel) Object.assign(element, { rel: call.rel, as: "image" });
    element[call.property] = address;
    document.body.append(element);
    await done(element, "load", "error");
  }
  if (kind === "css") {
    document.body.style.backgroundImage = `url(${address})`;
    await done(document.body, "never");
  }
  if (kind === "form") {
    const frame = document.createElement("iframe");
    frame.name = `frame${Math.random()}`;
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: call.method, enctype: call.enctype, action: address, target: frame.name });
    const field = document.createElement("input");
    Object.assign(field, { name: '{"a":"', value: '"}' });
    form.append(field);
    document.body.append(form);
    form.submit();
    await done(frame, "load");
  }
  if (kind === "window") {
    window.open(address, "_blank", "noreferrer");
    await done(window, "never");
  }
  if (kind === "worker") {
    const text = `fetch(${JSON.stringify(address)}, { method: "POST", mode: "no-cors" })`;
    const worker = new Worker(URL.createObjectURL(new Blob([text])));
    await done(worker, "error");
  }
}

const enable = (workspace, document) => {
  const id = workspace.import(document, "--enable");
  const runs = () => workspace.json("runs", "list", "--workflow", id);
  return { url: workspace.json("workflow", "show", id).hook_url, runs };
};

for (const host of [ELSEWHERE, "127.0.0.1"]) {
  test(`no page of ${host} can start a workflow, whatever it tries`, async (t) => {
    const workspace = new Workspace(t);
    await workspace.serve();
    const closed = enable(workspace, webhook("Not for pages"));
    const open = enable(workspace, webhook("For pages", { browsers: true }));
    const { page } = await foreignPage(t, host);
    const tried = shapes(closed.url);
    assert.ok(tried.length >= 30, `only ${tried.length} ways`);
    for (const [name, call] of tried) {
      await page.evaluate(act, call);
      assert.deepEqual(closed.runs(), [], `${name} started a run`);
    }
    // The same page reaches a webhook that is open to pages, so it was the door that kept it out.
    const options = { method: "POST", mode: "no-cors", body: "a" };
    await page.evaluate(act, { kind: "fetch", address: open.url, options });
    await until("the open one has run", () => open.runs().length === 1);
    const answer = await fetch(closed.url, { method: "POST", body: "{}" });
    assert.equal(answer.status, 200, "and the address was right");
    await until("the closed one has run once", () => closed.runs().length === 1);
  });
}

test("a page can't send a browser to a webhook, but a person can go there", async (t) => {
  const workspace = new Workspace(t);
  await workspace.serve();
  const { url, runs } = enable(workspace, webhook("Not for pages"));
  const { page: first, address } = await foreignPage(t, ELSEWHERE);
  const refused = async (act) => {
    const page = await first.context().newPage();
    await page.goto(address);
    const answered = page.waitForEvent("response", (response) => response.url() === url);
    await act(page);
    assert.equal((await answered).status(), 403);
    assert.deepEqual(runs(), []);
  };
  await refused((page) => page.evaluate((to) => location.assign(to), url));
  await refused((page) => page.setContent(`<meta http-equiv="refresh" content="0; url=${url}">`));
  // Nothing comes back that a browser could show but the answer itself.
  await first.goto(url);
  await until("it has run", () => runs().length === 1);
});
