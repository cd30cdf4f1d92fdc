/** Fourteen days as small bars: how many runs, and whether any went wrong. */
import type { DayCount } from "../../backend";
import { t } from "../../locales";

const TALLEST = 20;

export function DayBars({ days }: { days: DayCount[] }) {
  const most = Math.max(1, ...days.map((day) => day.ok + day.bad));
  const ok = days.reduce((sum, day) => sum + day.ok, 0);
  const bad = days.reduce((sum, day) => sum + day.bad, 0);
  const label = t("home.days_label", { ok, bad });
  return (
    <span className="bars" role="img" aria-label={label} title={label}>
      {days.map((day, index) => {
        const runs = day.ok + day.bad;
        const height = runs === 0 ? 2 : 4 + Math.round((TALLEST - 4) * (runs / most));
        const tone = runs === 0 ? "none" : day.bad > 0 ? "bad" : "ok";
        // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
        return <i key={index} className={`bar bar-${tone}`} style={{ height }} />;
      })}
    </span>
  );
}
