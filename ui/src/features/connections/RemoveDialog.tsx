/** Before a connection is removed: what would stop working, by name. */
import { useAction } from "../../app/queries";
import { showToast } from "../../app/toasts";
import type { ConnectionSummary } from "../../backend";
import { Dialog } from "../../components/Dialog";
import { t } from "../../locales";

export function RemoveDialog({
  connection,
  onClose,
}: {
  connection: ConnectionSummary;
  onClose: () => void;
}) {
  const { name, used_by: users } = connection;
  const remove = useAction("connection_remove", () => {
    showToast({ text: t("connections.removed", { name }) });
    onClose();
  });
  const stops = users.filter((user) => user.enabled);
  return (
    <Dialog title={t("connections.remove_title", { name })} testId="confirm" onClose={onClose}>
      <p className="dialog-text">
        {stops.length > 0 ? t("connections.stops", { count: stops.length }) : t("connections.stops_nothing")}
      </p>
      {users.length > 0 && (
        <ul className="dialog-text">
          {users.map((user) => (
            <li key={user.id}>
              {user.name} {!user.enabled && <span className="muted">({t("home.state.off")})</span>}
            </li>
          ))}
        </ul>
      )}
      <p className="dialog-text muted">{t("connections.remove_help")}</p>
      <footer className="dialog-foot">
        <button type="button" className="button" data-first onClick={onClose}>
          {t("connections.keep")}
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="confirm-yes"
          disabled={remove.isPending}
          onClick={() => remove.mutate({ id: connection.id, force: stops.length > 0 })}
        >
          {t("connections.remove")}
        </button>
      </footer>
    </Dialog>
  );
}
