/** Cron expressions of five fields in words, so that a person can tell whether they mean it. */
import { t } from "../locales";
import { ordinal, WEEKDAYS, weekdayName } from "./days";

const list = new Intl.ListFormat("en", { type: "conjunction" });
const monthName = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });
const SHORT_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const SHORT_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Empty when it isn't a cron expression that can be said in words. */
export function cronText(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday) return "";
  const when = timeText(minute, hour);
  const which = [dayText(day, weekday), monthText(month)];
  if (when === null || which.includes(null)) return "";
  return [when, ...which].filter(Boolean).join(" ");
}

function timeText(minute: string, hour: string): string | null {
  const step = /^(?:\*|0)\/(\d+)$/.exec(minute);
  if (minute === "*" && hour === "*") return t("cron.every_minute");
  if (step && hour === "*") return t("cron.every_minutes", { count: Number(step[1]) });
  const hourStep = /^(?:\*|0)\/(\d+)$/.exec(hour);
  const minutes = values(minute, 0, 59);
  if (!minutes) {
    const hours = step && rangeText(hour);
    return hours ? t("cron.minutes_between", { count: Number(step[1]), hours }) : null;
  }
  const past = list.format(minutes.map((one) => String(one).padStart(2, "0")));
  if (hour === "*") return t("cron.every_hour", { minutes: past });
  if (hourStep) return t("cron.every_hours", { count: Number(hourStep[1]), minutes: past });
  const hours = values(hour, 0, 23);
  if (!hours) return null;
  const times = hours.flatMap((one) => minutes.map((other) => clock(one, other)));
  return t("cron.at", { times: list.format(times) });
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function rangeText(hour: string): string | null {
  const range = /^(\d+)-(\d+)$/.exec(hour);
  return range && t("cron.between", { from: clock(Number(range[1]), 0), to: clock(Number(range[2]), 59) });
}

function dayText(day: string, weekday: string): string | null {
  const days = day === "*" || day === "?" ? "" : monthDays(day);
  const weekdays = weekday === "*" || weekday === "?" ? "" : weekDays(weekday);
  if (days === null || weekdays === null) return null;
  if (days && weekdays) return t("cron.either", { days, weekdays });
  return days || weekdays;
}

function monthDays(day: string): string | null {
  if (/^l$/i.test(day)) return t("cron.on_last");
  const days = values(day, 1, 31);
  return days && t("cron.on_days", { days: list.format(days.map(ordinal)) });
}

function weekDays(weekday: string): string | null {
  const days = values(weekday, 0, 7, SHORT_DAYS);
  const names = days && [...new Set(days.map((day) => (day + 6) % 7))].toSorted((a, b) => a - b);
  if (names?.join() === "0,1,2,3,4") return t("cron.workdays");
  return (
    names &&
    t("cron.on_weekdays", { days: list.format(names.map((day) => weekdayName(WEEKDAYS[day] ?? ""))) })
  );
}

function monthText(month: string): string | null {
  if (month === "*") return "";
  const months = values(month, 1, 12, SHORT_MONTHS, 1);
  const named = months?.map((one) => monthName.format(new Date(Date.UTC(2026, one - 1, 1))));
  return named ? t("cron.in_months", { months: list.format(named) }) : null;
}

/** The numbers that a list of numbers, names and ranges stands for; null when it is none. */
function values(
  field: string,
  least: number,
  most: number,
  names: string[] = [],
  first = 0,
): number[] | null {
  const found: number[] = [];
  for (const part of field.split(",")) {
    const [from = Number.NaN, to = from] = part.split("-").map((word) => numberOf(word, names, first));
    if (!(from >= least && to <= most && from <= to) || part.split("-").length > 2) return null;
    for (let number = from; number <= to; number += 1) found.push(number);
  }
  return found;
}

function numberOf(word: string, names: string[], first: number): number {
  const named = names.indexOf(word.toLowerCase());
  if (named >= 0) return named + first;
  return /^\d+$/.test(word) ? Number(word) : Number.NaN;
}
