/** The text is the truth: whatever is parsed can be put together again. */
import { expect, test } from "vitest";
import {
  afterLiteralFolder,
  beginsWithFolder,
  formatDate,
  inFolder,
  parseText,
  shortPath,
  splitExpression,
  usersOf,
} from "./references";

test("a text falls into words and references and can be put together again", () => {
  const text = "~/A/{{ now | date('%Y-%m') }}/{{trigger.name}}.txt";
  const parts = parseText(text);
  expect(parts.map((part) => (part.kind === "text" ? part.text : part.expression))).toEqual([
    "~/A/",
    "now | date('%Y-%m')",
    "/",
    "trigger.name",
    ".txt",
  ]);
  expect(parts.map((part) => (part.kind === "text" ? part.text : part.source)).join("")).toBe(text);
});

test("braces inside quotes belong to the reference, unfinished ones are text", () => {
  expect(parseText("{{ x | replace('}}', '') }}")).toEqual([
    { kind: "reference", expression: "x | replace('}}', '')", source: "{{ x | replace('}}', '') }}" },
  ]);
  expect(parseText("a {{ b")).toEqual([{ kind: "text", text: "a {{ b" }]);
  expect(parseText("")).toEqual([]);
});

test("a path and its filters are told apart", () => {
  expect(splitExpression("steps.a.b | upper | trim")).toEqual({ path: "steps.a.b", filters: "upper | trim" });
  expect(splitExpression("a + b")).toBeNull();
});

test("choosing another folder keeps what comes after the literal one", () => {
  const text = "~/Invoices/{{ now | date('%Y-%m') }}/";
  expect(afterLiteralFolder(text)).toBe("{{ now | date('%Y-%m') }}/");
  expect(inFolder("~/Pictures", text)).toBe("~/Pictures/{{ now | date('%Y-%m') }}/");
  expect(inFolder("~/Pictures/", "{{ trigger.name }}/")).toBe("~/Pictures/{{ trigger.name }}/");
  expect(inFolder("~/Pictures", "~/Old/")).toBe("~/Pictures/");
  expect(inFolder("/", "")).toBe("/");
  expect(beginsWithFolder("{{ now }}/")).toBe(false);
  expect(beginsWithFolder("~/A/{{ now }}/")).toBe(true);
});

test("paths below home are written with a tilde", () => {
  expect(shortPath("/home/me/Downloads", "/home/me")).toBe("~/Downloads");
  expect(shortPath("/home/mechthild/x", "/home/me")).toBe("/home/mechthild/x");
  expect(shortPath("/home/me", "/home/me")).toBe("~");
});

test("the example of a date follows its format, or says nothing", () => {
  const time = new Date(2026, 10, 3, 4, 5, 6);
  expect(formatDate("date('%Y-%m-%d %H:%M')", time)).toBe("2026-11-03 04:05");
  expect(formatDate("date('%j')", time)).toBeUndefined();
  expect(formatDate("upper", time)).toBeUndefined();
});

test("the steps that use what another one gives are found, whatever their ids begin with", () => {
  const step = (id: string, text: string) => ({ id, do: "tell", with: { text } });
  const steps = [
    step("read", "{{ trigger.name }}"),
    step("tell", "It says {{ steps.read.text | upper }}"),
    step("reader", "{{ steps.reader_of.text }} and {{ steps.tell.read }}"),
  ];
  expect(usersOf({ format: 1, name: "", steps }, "read").map(({ id }) => id)).toEqual(["tell"]);
});
