/** Drafts while the engine is away, after a reload, and with another window on the same workflow. */
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeHost } from "../../../dev/fakeHost";
import { App } from "../../app/App";
import { queries } from "../../app/queries";
import { replaceHost } from "../../backend";
import { engineGone, type Host } from "../../backend/host";
import "../../locales";

let engine: Host;
let isAway = false;
let answersGetLost = false;

beforeEach(() => {
  engine = fakeHost(false);
  isAway = false;
  answersGetLost = false;
  replaceHost({
    ...engine,
    async call(name, request) {
      if (isAway) throw engineGone("The engine doesn't answer.");
      const answer = await engine.call(name, request);
      if (answersGetLost && name === "workflow_save") throw engineGone("The engine doesn't answer.");
      return answer;
    },
  });
  location.hash = "#/workflows/w2";
});

afterEach(() => {
  cleanup();
  queries.clear();
  sessionStorage.clear();
  location.hash = "";
});

const nameField = () => screen.findByTestId<HTMLInputElement>("workflow-name");
const rename = async (name: string) => {
  const field = await nameField();
  await act(async () => fireEvent.change(field, { target: { value: name } }));
};
const click = async (id: string) => {
  const button = await screen.findByTestId(id);
  await act(async () => fireEvent.click(button));
};
const goTo = (hash: string) =>
  act(async () => {
    location.hash = hash;
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  });
const inEngine = () => engine.call("workflow_get", { id: "w2" });
const engineHas = (name: string) =>
  waitFor(async () => expect((await inEngine()).draft.name).toBe(name), { timeout: 4000 });
const fieldShows = (name: string) =>
  waitFor(() => expect(screen.getByTestId<HTMLInputElement>("workflow-name").value).toBe(name), {
    timeout: 4000,
  });

/** What a second window would do. */
async function saveElsewhere(name: string) {
  const { draft, revision } = await inEngine();
  await act(() => engine.call("workflow_save", { id: "w2", document: { ...draft, name }, revision }));
}

test("text typed while the engine is away is kept once it is back, although its page was left", async () => {
  render(<App />);
  await nameField();
  isAway = true;
  await rename("Typed while away");
  await goTo("#/");
  isAway = false;
  await engineHas("Typed while away");
  await goTo("#/workflows/w2");
  await fieldShows("Typed while away");
});

test("whoever comes back before it is kept sees the text that was typed", async () => {
  render(<App />);
  await nameField();
  isAway = true;
  await rename("Still here");
  await screen.findByText("Not kept yet", {}, { timeout: 3000 });
  await goTo("#/");
  await goTo("#/workflows/w2");
  isAway = false;
  await fieldShows("Still here");
  await engineHas("Still here");
});

test("text that wasn't kept before a reload is sent afterwards, on any page", async () => {
  const { draft: kept, revision } = await inEngine();
  const unkept = { revision, kept, wanted: { ...kept, name: "Before the reload" } };
  sessionStorage.setItem("errand.draft.w2", JSON.stringify(unkept));
  location.hash = "#/activity";
  render(<App />);
  await engineHas("Before the reload");
  await waitFor(() => expect(sessionStorage.getItem("errand.draft.w2")).toBeNull());
});

test("a page that goes sends what isn't kept", async () => {
  render(<App />);
  await rename("At the last moment");
  window.dispatchEvent(new Event("pagehide"));
  expect((await inEngine()).draft.name).toBe("At the last moment");
});

test("a draft changed in another window is shown when nothing here is unkept", async () => {
  render(<App />);
  await nameField();
  await saveElsewhere("From the other window");
  await fieldShows("From the other window");
  expect(screen.queryByTestId("other-version")).toBeNull();
});

test("with something unkept the other window's version waits for a choice, and mine can win", async () => {
  render(<App />);
  await rename("Mine");
  await saveElsewhere("Theirs");
  await screen.findByTestId("other-version");
  expect((await nameField()).value).toBe("Mine");
  expect((await inEngine()).draft.name).toBe("Theirs");
  await click("keep-mine");
  await engineHas("Mine");
  expect(screen.queryByTestId("other-version")).toBeNull();
});

test("the other window's version can be used, and undo brings mine back", async () => {
  render(<App />);
  await rename("Mine");
  await saveElsewhere("Theirs");
  await click("use-other");
  await fieldShows("Theirs");
  expect((await inEngine()).draft.name).toBe("Theirs");
  await click("undo");
  await engineHas("Mine");
});

test("a save whose answer got lost isn't taken for another window's", async () => {
  render(<App />);
  await nameField();
  answersGetLost = true;
  await rename("Once");
  await engineHas("Once");
  await rename("Twice");
  answersGetLost = false;
  await engineHas("Twice");
  expect(screen.queryByTestId("other-version")).toBeNull();
});
