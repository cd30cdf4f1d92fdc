/** The way from first launch to a switched-on workflow, over a made-up engine. */
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { fakeHost } from "../../dev/fakeHost";
import { replaceHost } from "../backend";
import "../locales";
import { App } from "./App";
import { queries } from "./queries";

afterEach(() => {
  cleanup();
  queries.clear();
  location.hash = "";
});

const click = async (testId: string) => {
  const element = await screen.findByTestId<HTMLButtonElement>(testId);
  await waitFor(() => expect(element.disabled).not.toBe(true), { timeout: 3000 });
  await act(async () => fireEvent.click(element));
};

test("a template is switched on with four clicks and no typing", async () => {
  const host = fakeHost();
  replaceHost(host);
  render(<App />);
  await click("template-tidy");
  expect((await screen.findByTestId<HTMLButtonElement>("switch-on")).disabled).toBe(true);
  await click("blank-trigger.with.shelf");
  await click("blank-steps.carry.with.target");
  await click("switch-on");
  await screen.findByTestId("workflow-switch");
  const [made] = await host.call("workflows_list", {});
  expect(made?.enabled).toBe(true);
  expect(made?.document.trigger?.with?.shelf).toBe("~/Documents");
  expect(made?.document.steps[0]?.with?.target).toBe("~/Documents/{{ now | date('%Y-%m') }}/");
});

test("a question leaves the list once it is answered", async () => {
  replaceHost(fakeHost(false));
  location.hash = "#/attention";
  render(<App />);
  const card = await screen.findByTestId("attention-card-r2");
  expect(card.textContent).toContain("Was this done?");
  const done = card.querySelector("[data-testid=resolve-done]");
  await act(async () => done && fireEvent.click(done));
  await waitFor(() => expect(screen.queryByTestId("attention-card-r2")).toBeNull());
});
