/** A connection that the other side refuses, and what waits for it. */
import { KeyRound } from "lucide-react";
import type { ConnectionSummary } from "../../backend";
import { t } from "../../locales";

export function MendCard({ connection }: { connection: ConnectionSummary }) {
  const { id, name, problem, waiting, used_by: users } = connection;
  const names = users.map((user) => user.name).join(", ");
  return (
    <section
      className="card attention"
      data-testid={`mend-card-${id}`}
      aria-label={t("attention.mend", { name })}
    >
      <span className="tile tile-own" aria-hidden="true">
        <KeyRound size={16} />
      </span>
      <div className="grow">
        <h2>{t("attention.mend", { name })}</h2>
        <p className="muted">
          {problem} {users.length > 0 && t("attention.mend_used", { names })}{" "}
          {waiting > 0 && t("attention.mend_waiting", { count: waiting })}
        </p>
        <div className="attention-buttons">
          <a className="button primary" href="#/connections" data-testid="mend">
            {t("attention.to_connections")}
          </a>
        </div>
      </div>
    </section>
  );
}
