/** Times of day, days, cron expressions and time zones. */
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Dialog } from "../../../components/Dialog";
import { t } from "../../../locales";
import { cronText } from "../../../workflow/cron";
import {
  type DaysKind,
  daysKind,
  LAST,
  MONTH_DAYS,
  readDays,
  toggleDay,
  WEEKDAYS,
  weekdayName,
} from "../../../workflow/days";
import { PickerList } from "../PickerList";
import { asText, type FieldProps, placeholderOf } from "./types";

/** One time, or several. */
export function TimeField({ field, value, onChange, inputId, invalid }: FieldProps) {
  const times = [value ?? field.default ?? ""].flat().map(asText);
  const [open, setOpen] = useState(0);
  const shown = [...times, ...Array.from({ length: Math.max(0, open - times.length) }, () => "")];
  const change = (next: string[]) => {
    const given = next.filter((time) => time !== "");
    setOpen(next.length);
    onChange(given.length > 1 ? given : given[0]);
  };
  return (
    <div className="times">
      {shown.map((time, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: times have no other identity
        <span className="time" key={index}>
          <input
            id={index === 0 ? inputId : `${inputId}-${index}`}
            className="input fit"
            type="time"
            aria-label={t("times.nth", { field: field.label, number: index + 1 })}
            data-testid={index === 0 ? inputId : `${inputId}-${index}`}
            aria-invalid={invalid}
            value={time}
            onChange={(event) => change(shown.with(index, event.target.value))}
          />
          {shown.length > 1 && (
            <button
              type="button"
              className="icon-button"
              aria-label={t("times.remove", { number: index + 1 })}
              data-testid={`time-${field.id}-remove-${index}`}
              onClick={() => change(shown.toSpliced(index, 1))}
            >
              <X size={15} />
            </button>
          )}
        </span>
      ))}
      <button
        type="button"
        className="button quiet small"
        data-testid={`time-${field.id}-add`}
        onClick={() => setOpen(shown.length + 1)}
      >
        <Plus size={14} aria-hidden="true" /> {t("times.add")}
      </button>
    </div>
  );
}

const KINDS: DaysKind[] = ["all", "week", "month"];

export function DaysField({ field, value, onChange, inputId }: FieldProps) {
  const days = readDays(value);
  const [wanted, setWanted] = useState<DaysKind>("all");
  const kind = days.length > 0 ? daysKind(days) : wanted;
  const choices = kind === "week" ? WEEKDAYS : kind === "month" ? MONTH_DAYS : [];
  return (
    <>
      <select
        id={inputId}
        className="input"
        data-testid={inputId}
        value={kind}
        onChange={(event) => {
          setWanted(event.target.value as DaysKind);
          onChange(undefined);
        }}
      >
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {t(`days.kinds.${one}`)}
          </option>
        ))}
      </select>
      {choices.length > 0 && (
        <fieldset className={`day-chips day-chips-${kind}`} aria-label={field.label}>
          {choices.map((day) => (
            <button
              key={day}
              type="button"
              className="day-chip"
              aria-pressed={days.includes(day)}
              aria-label={day === LAST ? t("days.last_day") : kind === "week" ? weekdayName(day) : undefined}
              data-testid={`day-${field.id}-${day}`}
              onClick={() => {
                const next = toggleDay(days, day);
                setWanted(kind);
                onChange(next.length > 0 ? next : undefined);
              }}
            >
              {day === LAST ? t("days.last") : kind === "week" ? weekdayName(day).slice(0, 2) : day}
            </button>
          ))}
        </fieldset>
      )}
      {kind !== "all" && days.length === 0 && <p className="help">{t("days.none_yet")}</p>}
    </>
  );
}

export function CronField({ field, value, onChange, inputId, invalid }: FieldProps) {
  const text = asText(value);
  const words = cronText(text || asText(field.default));
  return (
    <>
      <input
        id={inputId}
        className="input tabular"
        data-testid={inputId}
        aria-invalid={invalid}
        spellCheck={false}
        placeholder={placeholderOf(field)}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      {words && (
        <p className="in-words" data-testid={`words-${field.id}`}>
          {t("cron.runs", { words })}
        </p>
      )}
    </>
  );
}

const ZONES: string[] = Intl.supportedValuesOf("timeZone");
const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function TimeZoneField({ field, value, onChange, inputId }: FieldProps) {
  const [picking, setPicking] = useState(false);
  const zone = asText(value ?? field.default);
  return (
    <>
      <button
        id={inputId}
        type="button"
        className="input as-select"
        data-testid={inputId}
        onClick={() => setPicking(true)}
      >
        {zoneName(zone)}
      </button>
      {picking && (
        <Dialog
          title={t("zones.title")}
          testId="zone-picker"
          className="dialog-picker"
          onClose={() => setPicking(false)}
        >
          <PickerList
            searchTestId="zone-search"
            groups={zoneGroups()}
            onPick={(picked) => {
              setPicking(false);
              onChange(picked === OWN_KEY ? "" : picked);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

const OWN_KEY = "this-computer";
/** Goes along with the computer, wherever it is. */
const TRAVELLING = "computer";

function zoneName(zone: string): string {
  if (zone === TRAVELLING) return t("zones.travelling");
  return zone ? spaced(zone) : t("zones.this_computer", { zone: spaced(OWN) });
}

function zoneGroups() {
  const now = new Date();
  const item = (key: string, zone: string, title: string) => ({
    key,
    testId: `zone-${key}`,
    title,
    about: timeIn(zone, now),
    icon: null,
  });
  return [
    {
      label: t("zones.usual"),
      items: [item(OWN_KEY, OWN, zoneName("")), item(TRAVELLING, OWN, zoneName(TRAVELLING))],
    },
    { label: t("zones.all"), items: ZONES.map((zone) => item(zone, zone, spaced(zone))) },
  ];
}

function spaced(zone: string): string {
  return zone.replaceAll("_", " ").replaceAll("/", " / ");
}

function timeIn(timeZone: string, now: Date): string {
  const time = new Intl.DateTimeFormat("en", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).format(now);
  return t("zones.now", { time });
}
