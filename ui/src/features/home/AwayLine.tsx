/** What schedules missed while the computer was off or asleep, until the person has seen it. */
import { History, X } from "lucide-react";
import { useState } from "react";
import { useCommand } from "../../app/queries";
import { t } from "../../locales";
import "./away.css";

const KEY = "errand.away";
const RECENT_MS = 7 * 24 * 3600 * 1000;

export function AwayLine() {
  const { data } = useCommand("away_list", {});
  const [seen, setSeen] = useState(() => Number(localStorage.getItem(KEY)));
  const since = Math.max(seen, Date.now() - RECENT_MS);
  const fresh = (data ?? []).filter(({ at }) => Date.parse(at) > since);
  if (fresh.length === 0) return null;
  const hide = () => {
    const newest = Math.max(...fresh.map(({ at }) => Date.parse(at)));
    localStorage.setItem(KEY, String(newest));
    setSeen(newest);
  };
  return (
    <section className="away" data-testid="away" aria-label={t("away.title")}>
      <History size={17} aria-hidden="true" />
      <div className="grow">
        <b>{t("away.title")}</b>
        <ul>
          {fresh.map((away) => (
            <li key={away.workflow + away.at}>
              <a href={`#/workflows/${away.workflow}`}>{away.workflow_name}</a>: {away.sentence}
            </li>
          ))}
        </ul>
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={t("away.hide")}
        data-testid="away-hide"
        onClick={hide}
      >
        <X size={15} />
      </button>
    </section>
  );
}
