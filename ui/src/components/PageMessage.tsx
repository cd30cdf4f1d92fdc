/** A page that has nothing but a message, or isn't there yet. */
import { go } from "../app/router";
import { t } from "../locales";

export function PageMessage({
  text,
  busy = false,
  back = false,
}: {
  text: string;
  busy?: boolean;
  back?: boolean;
}) {
  return (
    <div className="page-message" aria-busy={busy}>
      {busy ? <div className="skeleton" /> : <p>{text}</p>}
      {back && (
        <button type="button" className="button" onClick={() => go("#/")}>
          {t("common.to_workflows")}
        </button>
      )}
    </div>
  );
}
