/** Values of any kind are edited without losing what they are. */
import { expect, test } from "vitest";
import { jsonKind, pastedJson, toKind } from "./json";

test("each value has its kind", () => {
  expect(["5", 5, true, { a: 1 }, [1], null].map(jsonKind)).toEqual([
    "text",
    "number",
    "yes_no",
    "record",
    "list",
    "nothing",
  ]);
});

test("another kind keeps what can be kept", () => {
  expect(toKind("5", "number")).toBe(5);
  expect(toKind(5, "text")).toBe("5");
  expect(toKind("a", "list")).toEqual(["a"]);
  expect(toKind("", "list")).toEqual([]);
  expect(toKind({ a: 1, b: 2 }, "list")).toEqual([1, 2]);
  expect(toKind(["x"], "record")).toEqual({ value1: "x" });
  expect(toKind("many", "number")).toBe(0);
});

test("a pasted record becomes one, a reference stays text", () => {
  expect(pastedJson('{"amount": 5, "open": true}')).toEqual({ amount: 5, open: true });
  expect(pastedJson("{{ steps.a.body }}")).toBeUndefined();
  expect(pastedJson("{ half")).toBeUndefined();
  expect(pastedJson("5")).toBeUndefined();
});
