/** Edits give the next document and leave the old one as it was; undo goes back through them. */
import { expect, test } from "vitest";
import { CONNECTORS, TIDY } from "../../dev/fakeHost";
import { toCatalog } from "./catalog";
import { apply, newStep, TRIGGER } from "./edit";
import { begin, edited, redone, undone } from "./history";

const catalog = toCatalog(CONNECTORS);
const action = (id: string) => {
  const found = catalog.actions.get(id);
  if (!found) throw new Error(id);
  return found;
};

test("filling a blank fills the field and takes the blank away, the last one the template too", () => {
  const one = apply(TIDY, { type: "set_field", at: TRIGGER, field: "shelf", value: "~/Here" });
  expect(one.trigger?.with).toEqual({ like: "*.pdf", shelf: "~/Here" });
  expect(one.template?.blanks).toEqual(["steps.carry.with.target"]);
  const two = apply(one, { type: "set_field", at: "carry", field: "target", value: "~/There/" });
  expect(two.template).toBeUndefined();
  expect(TIDY.template?.blanks).toHaveLength(2);
});

test("an emptied field leaves the document", () => {
  const next = apply(TIDY, { type: "set_field", at: TRIGGER, field: "like", value: "" });
  expect(next.trigger?.with).toEqual({});
});

test("a new step has an id of its own and what usually fits, where the trigger gives it", () => {
  const step = newStep(TIDY, action("shelf.carry"), ["trigger.place"]);
  expect(step).toEqual({ id: "carry_2", do: "shelf.carry", with: { thing: "{{ trigger.place }}" } });
  expect(newStep(TIDY, action("shelf.carry"), []).with).toEqual({});
});

test("steps move, are copied and removed", () => {
  const ids = (edit: Parameters<typeof apply>[1]) => apply(TIDY, edit).steps.map((step) => step.id);
  expect(ids({ type: "move_step", id: "ring", by: -1 })).toEqual(["ring", "carry"]);
  expect(ids({ type: "move_step", id: "ring", by: 1 })).toEqual(["carry", "ring"]);
  expect(ids({ type: "duplicate_step", id: "carry" })).toEqual(["carry", "carry_2", "ring"]);
  expect(ids({ type: "remove_step", id: "carry" })).toEqual(["ring"]);
});

test("undo and redo walk through edits, and typing in one field counts once", () => {
  const typed = (history: ReturnType<typeof begin>, value: string, at: number) =>
    edited(history, { type: "set_field", at: "ring", field: "words", value }, at);
  let history = begin(TIDY);
  history = typed(history, "H", 0);
  history = typed(history, "Hi", 300);
  history = typed(history, "Hi!", 9000);
  const words = () => history.present.steps[1]?.with?.words;
  history = undone(history);
  expect(words()).toBe("Hi");
  history = undone(history);
  expect(history.present).toBe(TIDY);
  expect(undone(history)).toBe(history);
  history = redone(redone(history));
  expect(words()).toBe("Hi!");
  expect(redone(history)).toBe(history);
});

test("a connection and a rule for missed times are set and taken away without a trace", () => {
  const using = apply(TIDY, { type: "set_using", at: "carry", name: "Mine" });
  expect(using.steps[0]?.using).toBe("Mine");
  expect(apply(using, { type: "set_using", at: "carry", name: "" })).toEqual(TIDY);
  expect(apply(TIDY, { type: "set_using", at: TRIGGER, name: "Mine" }).trigger?.using).toBe("Mine");
  const ruled = apply(TIDY, { type: "set_missed", rule: "skip" });
  expect(ruled.settings).toEqual({ missed: "skip" });
  expect(apply(ruled, { type: "set_missed", rule: undefined })).toEqual(TIDY);
});

test("pasted fields replace what was there, and none that are undefined stay", () => {
  const pasted = apply(TIDY, { type: "set_fields", at: "ring", fields: { words: undefined, more: "all" } });
  expect(pasted.steps[1]?.with).toEqual({ more: "all" });
});
