/** Lengths, days and cron expressions read as words, and the words mean what the values mean. */
import { expect, test } from "vitest";
import { cronText } from "./cron";
import { daysKind, daysText, readDays, toggleDay } from "./days";
import { lengthText, readLength } from "./lengths";

test("a length of one unit is a number with its unit, any other stays text", () => {
  expect(readLength("15m")).toEqual({ amount: 15, unit: "m" });
  expect(readLength("1h30m")).toBeNull();
  expect(readLength("{{ steps.a.wait }}")).toBeNull();
  expect(lengthText("1h")).toBe("1 hour");
  expect(lengthText("2d")).toBe("2 days");
  expect(lengthText("1h30m")).toBe("1h30m");
});

test("days are weekdays or days of the month, in their natural order", () => {
  expect(daysText(undefined)).toBe("every day");
  expect(daysText("friday")).toBe("Friday");
  expect(daysText(["monday", "friday"])).toBe("Monday and Friday");
  expect(daysText([1, "22", "last"])).toBe("the 1st, the 22nd, and the last day of the month");
  expect(daysKind(readDays([1, "last"]))).toBe("month");
  expect(toggleDay(["friday"], "monday")).toEqual(["monday", "friday"]);
  expect(toggleDay([1, "last"], 15)).toEqual([1, 15, "last"]);
  expect(toggleDay([1, 15], 15)).toEqual([1]);
});

test.each([
  ["* * * * *", "every minute"],
  ["*/5 * * * *", "every 5 minutes"],
  ["0 * * * *", "every hour, 00 minutes past"],
  ["15 */2 * * *", "every 2 hours, 15 minutes past"],
  ["30 8 * * 1-5", "at 08:30 on Monday to Friday"],
  ["0 9,17 * * mon,sun", "at 09:00 and 17:00 on Monday and Sunday"],
  ["0 9 * * 7", "at 09:00 on Sunday"],
  ["0 0 1,15 * *", "at 00:00 on the 1st and 15th of the month"],
  ["0 0 L * *", "at 00:00 on the last day of the month"],
  ["0 8 1 jan *", "at 08:00 on the 1st of the month in January"],
  ["0 8 13 * 5", "at 08:00 on the 13th of the month, and also on Friday"],
  ["*/10 9-17 * * *", "every 10 minutes between 09:00 and 17:59"],
])("the cron expression %s reads as %s", (expression, words) => {
  expect(cronText(expression)).toBe(words);
});

test("what can't be said in words isn't said wrongly", () => {
  for (const expression of [
    "",
    "0 8 * *",
    "0 8 15W * *",
    "0 8 * * 5#2",
    "61 8 * * *",
    "0 8 * * * *",
    "a b c d e",
  ])
    expect(cronText(expression)).toBe("");
});
