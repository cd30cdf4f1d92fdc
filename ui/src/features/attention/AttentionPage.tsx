/** Everything that waits for a person. */
import { CircleCheck } from "lucide-react";
import { useCatalog, useCommand, useRun } from "../../app/queries";
import { toFailure } from "../../backend";
import { PageMessage } from "../../components/PageMessage";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { isBroken } from "../../workflow/connections";
import { RunRow } from "../activity/ActivityPage";
import { AttentionCard } from "../activity/AttentionCard";
import { openStep } from "../activity/words";
import { useVault, VaultGate } from "../connections/VaultGate";
import { MendCard } from "./MendCard";
import "../activity/activity.css";
import "../connections/connections.css";

export function AttentionPage() {
  const runs = useCommand("runs_list", { state: "attention" });
  const catalog = useCatalog();
  const connections = useCommand("connections_list", {});
  const broken = (connections.data ?? []).filter(isBroken);
  const vault = useVault();
  const isShut = !vault.isOpen && vault.status?.kept !== null;
  if (runs.error && !runs.data) return <PageMessage text={toFailure(runs.error).message} />;
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t("nav.attention")}</h1>
      </header>
      <div className="page-body">
        {(runs.isPending || !catalog) && <div className="card skeleton tall" />}
        {broken.map((connection) => (
          <MendCard key={connection.id} connection={connection} />
        ))}
        <VaultGate />
        {runs.data?.length === 0 && broken.length === 0 && !isShut && (
          <div className="card empty" data-testid="attention-empty">
            <CircleCheck size={28} className="good" aria-hidden="true" />
            <b>{t("attention.none")}</b>
            <p className="muted">{t("attention.none_help")}</p>
          </div>
        )}
        {catalog && runs.data?.map((run) => <Waiting key={run.id} id={run.id} catalog={catalog} />)}
      </div>
    </main>
  );
}

function Waiting({ id, catalog }: { id: string; catalog: Catalog }) {
  const run = useRun(id);
  if (!run.data) return <div className="card skeleton" />;
  const view = openStep(run.data);
  if (!view) {
    return (
      <div className="card">
        <RunRow run={run.data} />
      </div>
    );
  }
  return <AttentionCard run={run.data} view={view} catalog={catalog} linked />;
}
