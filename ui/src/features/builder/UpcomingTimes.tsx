/** When a schedule runs next, as the clocks there will show it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { told } from "../../app/queries";
import { type Missed, toFailure } from "../../backend";
import { t } from "../../locales";
import { useBuilder } from "./context";

const AGAIN_MS = 30_000;

const RULES: Missed[] = ["run_once", "run_each", "skip"];

/** When it runs next, and what happens to times at which the computer is off. */
export function ScheduleExtras() {
  const { document, edit } = useBuilder();
  return (
    <>
      <UpcomingTimes />
      <div className="field">
        <label htmlFor="missed">{t("missed.label")}</label>
        <select
          id="missed"
          className="input"
          data-testid="missed"
          value={document.settings?.missed ?? ""}
          onChange={(event) =>
            edit({ type: "set_missed", rule: (event.target.value as Missed | "") || undefined })
          }
        >
          <option value="">{t("missed.usual")}</option>
          {RULES.map((rule) => (
            <option key={rule} value={rule}>
              {t(`missed.rules.${rule}`)}
            </option>
          ))}
        </select>
        <p className="help">{t("missed.help")}</p>
      </div>
    </>
  );
}

function UpcomingTimes() {
  const { document, detail } = useBuilder();
  const upcoming = useQuery({
    queryKey: ["trigger_upcoming", { id: detail.id, trigger: document.trigger, settings: document.settings }],
    queryFn: () => told("trigger_upcoming", { id: detail.id, document }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
    retry: false,
  });
  if (upcoming.error && !upcoming.isPlaceholderData) {
    return <p className="help upcoming">{toFailure(upcoming.error).message}</p>;
  }
  if (!upcoming.data || upcoming.data.length === 0) return null;
  return (
    <section className="upcoming" data-testid="upcoming" aria-label={t("upcoming.title")}>
      <b>{t("upcoming.title")}</b>
      <ol>
        {upcoming.data.map(({ due, at, note }) => (
          <li key={due}>
            <time dateTime={due}>{at}</time>
            {note && <p className="help">{note}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
