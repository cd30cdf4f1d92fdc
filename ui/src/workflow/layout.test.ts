/** Cards stand below each other and come into view by the shortest way. */
import { expect, test } from "vitest";
import { inColumn, shiftIntoView } from "./layout";

test("boxes of any height stand on one line without overlapping", () => {
  const boxes = [
    { id: "a", width: 430, height: 60 },
    { id: "+", width: 24, height: 24 },
    { id: "b", width: 430, height: 120 },
  ];
  const placed = inColumn(boxes);
  expect(placed.map((box) => box.x + (boxes.find(({ id }) => id === box.id)?.width ?? 0) / 2)).toEqual([
    0, 0, 0,
  ]);
  expect(placed.map((box) => box.y)).toEqual([0, 74, 112]);
});

test("only what is outside of the view moves it", () => {
  expect(shiftIntoView(100, 200, 600, 20)).toBe(0);
  expect(shiftIntoView(-50, 50, 600, 20)).toBe(70);
  expect(shiftIntoView(590, 690, 600, 20)).toBe(-110);
});
