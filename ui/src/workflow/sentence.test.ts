/** Triggers and steps read as sentences with what a person filled in. */
import { expect, test } from "vitest";
import { CONNECTORS, TIDY } from "../../dev/fakeHost";
import { stepSentence, triggerSentence } from "../features/builder/sentences";
import { toCatalog } from "./catalog";
import { apply, TRIGGER } from "./edit";
import { lowerFirst, plainText } from "./sentence";

const catalog = toCatalog(CONNECTORS);

test("a trigger names what is missing and what is filled in", () => {
  const parts = triggerSentence(catalog, TIDY);
  expect(plainText(parts)).toBe("A thing like *.pdf appears on shelf");
  expect(parts.at(-1)).toEqual({ kind: "missing", text: "shelf", field: "shelf" });
  const filled = apply(TIDY, { type: "set_field", at: TRIGGER, field: "shelf", value: "~/Downloads/New" });
  expect(plainText(lowerFirst(triggerSentence(catalog, filled)))).toBe(
    "a thing like *.pdf appears on Downloads / New",
  );
});

test("references read as their labels, in paths and in texts", () => {
  const document = apply(TIDY, {
    type: "set_field",
    at: "carry",
    field: "target",
    value: "~/Invoices/{{ now | date('%Y-%m') }}/",
  });
  expect(plainText(stepSentence(catalog, document, 0))).toBe("Carry thing to Invoices / year and month");
  expect(plainText(stepSentence(catalog, document, 1))).toBe("Show the message “thing’s name is tidied”");
});

test("a run's sentence has the run's values", () => {
  const parts = stepSentence(catalog, TIDY, 0, { thing: "~/a.pdf", target: "~/B/2026-11/" });
  expect(plainText(parts)).toBe("Carry a.pdf to B / 2026-11");
});

test("conditions and stops are sentences too", () => {
  const document = {
    ...TIDY,
    steps: [
      {
        id: "a",
        only_if: { all: [{ left: "{{ trigger.weight }}", is: "greater than" as const, right: 5 }] },
      },
      { id: "b", stop: { reason: "enough", as: "done" as const } },
    ],
  };
  expect(plainText(stepSentence(catalog, document, 0))).toBe("Go on only if weight is greater than 5");
  expect(plainText(stepSentence(catalog, document, 1))).toBe("Stop here: enough");
});
