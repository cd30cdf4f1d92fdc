/** What can be referenced: also what is inside of records from outside, as far as an example shows it. */
import { expect, test } from "vitest";
import { CONNECTORS, TIDY } from "../../dev/fakeHost";
import { toCatalog } from "./catalog";
import { isExampleAddress } from "./references";
import { sampleText, valuesBefore } from "./values";

const catalog = toCatalog(CONNECTORS);

test("values inside of a record can be referenced, whatever their names are", () => {
  const event = { order: { id: 7, buyer: { "first name": "Ada" } }, title: "x" };
  const [trigger] = valuesBefore(catalog, TIDY, 0, { event, results: {} });
  const found = trigger?.values.map(({ expression }) => expression);
  expect(found).toContain("trigger.order.id");
  expect(found).toContain('trigger.order.buyer["first name"]');
  expect(found?.filter((expression) => expression === "trigger.title")).toHaveLength(1);
});

test("records and lists read as their values", () => {
  expect(sampleText({ id: 7, name: "Ada" })).toBe("id: 7, name: Ada");
  expect(sampleText([1, 2])).toBe("1, 2");
  expect(sampleText([])).toBe("");
});

test("only addresses made for examples stand for one", () => {
  expect(isExampleAddress("https://api.example.com/orders")).toBe(true);
  expect(isExampleAddress("https://example.org")).toBe(true);
  expect(isExampleAddress("https://example.com.evil.net/")).toBe(false);
  expect(isExampleAddress("https://myexample.com/")).toBe(false);
});
