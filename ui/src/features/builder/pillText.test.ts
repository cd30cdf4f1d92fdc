// @vitest-environment happy-dom
/** What a box shows can be read back as the text it was drawn from. */
import { expect, test } from "vitest";
import { draw, pillTexts, readText } from "./pillText";

const describe = (expression: string) => ({
  label: expression.toUpperCase(),
  sample: expression === "a" ? "1" : "",
});

test.each(["", "plain", "{{ a }}", "x {{ a }} y {{b}}", "{{ a }}{{ b }}", "two\nlines {{ a }}"])(
  "the box of %j reads back as it was",
  (text) => {
    const box = document.createElement("div");
    const picture = draw(text, describe);
    box.append(...picture.nodes);
    expect(readText(box)).toBe(text);
    expect(pillTexts(box)).toBe(picture.pills);
  },
);

test("a pill says the label and the example's value", () => {
  const box = document.createElement("div");
  box.append(...draw("{{ a }} and {{ b }}", describe).nodes);
  expect(box.textContent).toBe("A · 1 and B");
});
