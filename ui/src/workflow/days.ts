/** Days on which something happens: weekdays by name, or days of the month as numbers and `last`. */
import { t } from "../locales";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const LAST = "last";
export const MONTH_DAYS: (number | typeof LAST)[] = [
  ...Array.from({ length: 31 }, (_, day) => day + 1),
  LAST,
];

export type DaysKind = "all" | "week" | "month";
export type Day = string | number;

/** One day may stand without a list, and numbers may be written as text. */
export function readDays(value: unknown): Day[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list
    .filter((day) => day !== "")
    .map((day) => (/^\d+$/.test(String(day)) ? Number(day) : String(day).toLowerCase()));
}

export function daysKind(days: Day[]): DaysKind {
  if (days.length === 0) return "all";
  return days.every((day) => typeof day === "number" || day === LAST) ? "month" : "week";
}

/** With this day when it was missing, without it when it was there; in their natural order. */
export function toggleDay(days: Day[], day: Day): Day[] {
  const order: Day[] = [...WEEKDAYS, ...MONTH_DAYS];
  const next = days.includes(day) ? days.filter((one) => one !== day) : [...days, day];
  return next.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

const list = new Intl.ListFormat("en", { type: "conjunction" });
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };

export function ordinal(day: number): string {
  return `${day}${ENDINGS[ordinals.select(day)] ?? "th"}`;
}

export function daysText(value: unknown): string {
  const days = readDays(value);
  if (days.length === 0) return t("days.every");
  if (daysKind(days) === "month") {
    return t("days.of_month", { days: list.format(days.map(monthDay)) });
  }
  return list.format(days.map(weekdayName));
}

function monthDay(day: Day): string {
  return typeof day === "number" ? t("days.nth", { day: ordinal(day) }) : t("days.last_day");
}

export function weekdayName(day: Day): string {
  const known = WEEKDAYS.find((weekday) => weekday === day);
  return known ? t(`days.names.${known}`) : String(day);
}
