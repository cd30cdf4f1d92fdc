/** Ways of cutting a list into pages hold what belongs to them and nothing else. */
import { expect, test } from "vitest";
import { PARTS, STYLES, styleOf, withPart, withStyle } from "./paging";

test("another way keeps only what both have in common", () => {
  const before = { style: "token", from: "meta.next", send: "cursor", most: 50 };
  expect(withStyle(before, "page")).toEqual({ style: "page", most: 50 });
});

test("numbers stay numbers, and what is emptied is left out", () => {
  expect(withPart({ style: "page" }, "size", "100", true)).toEqual({ style: "page", size: 100 });
  expect(withPart({ style: "page", size: 100 }, "size", "", true)).toEqual({ style: "page" });
});

test("each way can say where the list is, and an unknown way is none", () => {
  for (const style of STYLES) expect(PARTS[style].map(({ part }) => part)).toContain("items");
  expect(styleOf({ style: "dance" })).toBeNull();
  expect(styleOf(undefined)).toBeNull();
});
