/** The accounts that workflows sign in with: what each is, whether it works, and who would miss it. */
import { Ellipsis, KeyRound, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useAction, useCatalog, useCommand } from "../../app/queries";
import { ago } from "../../app/time";
import { showToast } from "../../app/toasts";
import { type ConnectionSummary, toFailure } from "../../backend";
import { Menu, MenuItem } from "../../components/Menu";
import { PageMessage } from "../../components/PageMessage";
import { Tile } from "../../components/Tile";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { addressOf, kindOf } from "../../workflow/connections";
import { ConnectionChip } from "./ConnectionChip";
import { ConnectionDialog } from "./ConnectionDialog";
import { RemoveDialog } from "./RemoveDialog";
import { VaultGate } from "./VaultGate";
import "./connections.css";

export function ConnectionsPage() {
  const connections = useCommand("connections_list", {});
  const catalog = useCatalog();
  const [adding, setAdding] = useState(false);
  if (connections.error && !connections.data)
    return <PageMessage text={toFailure(connections.error).message} />;
  const add = (
    <button
      type="button"
      className="button primary"
      data-testid="connection-add"
      disabled={!catalog}
      onClick={() => setAdding(true)}
    >
      <Plus size={16} aria-hidden="true" /> {t("connections.add")}
    </button>
  );
  const none = connections.data?.length === 0;
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t("nav.connections")}</h1>
        <span className="grow" />
        {!none && add}
      </header>
      <div className="page-body narrow-wide">
        {!adding && <VaultGate />}
        {connections.isPending && <div className="card skeleton tall" />}
        {none && (
          <div className="card empty" data-testid="connections-empty">
            <KeyRound size={28} aria-hidden="true" />
            <b>{t("connections.none")}</b>
            <p className="muted">{t("connections.none_help")}</p>
            {add}
          </div>
        )}
        {catalog && connections.data && !none && (
          <section className="card" aria-label={t("nav.connections")}>
            {connections.data.map((connection) => (
              <Row key={connection.id} connection={connection} catalog={catalog} />
            ))}
          </section>
        )}
        <p className="muted small">{t("connections.safe")}</p>
      </div>
      {adding && catalog && (
        <ConnectionDialog
          catalog={catalog}
          onClose={() => setAdding(false)}
          onDone={() => setAdding(false)}
        />
      )}
    </main>
  );
}

function Row({ connection, catalog }: { connection: ConnectionSummary; catalog: Catalog }) {
  const [open, setOpen] = useState<"replace" | "remove" | null>(null);
  const kind = kindOf(catalog, connection);
  const test = useAction("connection_test", ({ sentence, hint, works }) =>
    showToast({ text: `${sentence} ${hint ?? ""}`, tone: works === false ? "bad" : "plain" }),
  );
  const about = [kind?.type.name ?? connection.kind, addressOf(kind, connection.fields)].filter(Boolean);
  const close = () => setOpen(null);
  return (
    <article className="connection-row" data-testid={`connection-row-${connection.id}`}>
      <Tile connector={kind?.connector} />
      <div className="connection-what">
        <b>{connection.name}</b>
        <span className="muted">{about.join(" · ")}</span>
        <UsedBy connection={connection} />
        {connection.state === "broken" && (
          <p className="problem">
            {connection.problem}{" "}
            {connection.waiting > 0 && t("connections.waiting", { count: connection.waiting })}
          </p>
        )}
      </div>
      <div className="connection-state">
        <ConnectionChip connection={connection} testId={`connection-state-${connection.id}`} />
        {connection.checked && <span className="muted small">{ago(connection.checked)}</span>}
      </div>
      <button
        type="button"
        className={connection.state === "broken" ? "button" : "button quiet"}
        data-testid={`connection-test-${connection.id}`}
        disabled={test.isPending}
        onClick={() => test.mutate({ id: connection.id })}
      >
        {test.isPending ? t("connections.trying") : t("connections.test")}
      </button>
      {connection.state === "broken" && (
        <button
          type="button"
          className="button primary"
          data-testid={`connection-mend-${connection.id}`}
          onClick={() => setOpen("replace")}
        >
          {t("connections.mend")}
        </button>
      )}
      <Menu
        label={t("connections.menu", { name: connection.name })}
        testId={`connection-menu-${connection.id}`}
        icon={<Ellipsis size={18} />}
      >
        <MenuItem testId="connection-replace" icon={<Pencil size={15} />} onSelect={() => setOpen("replace")}>
          {t("connections.replace")}
        </MenuItem>
        <MenuItem testId="connection-remove" icon={<Trash2 size={15} />} onSelect={() => setOpen("remove")}>
          {t("connections.remove")}
        </MenuItem>
      </Menu>
      {open === "replace" && (
        <ConnectionDialog catalog={catalog} connection={connection} onClose={close} onDone={close} />
      )}
      {open === "remove" && <RemoveDialog connection={connection} onClose={close} />}
    </article>
  );
}

function UsedBy({ connection }: { connection: ConnectionSummary }) {
  if (connection.used_by.length === 0) {
    return <span className="muted small">{t("connections.unused")}</span>;
  }
  return (
    <span className="muted small">
      {t("connections.used_by")}{" "}
      {connection.used_by.map((user, index) => (
        <span key={user.id}>
          {index > 0 && ", "}
          <a href={`#/workflows/${user.id}`}>{user.name}</a>
        </span>
      ))}
    </span>
  );
}
