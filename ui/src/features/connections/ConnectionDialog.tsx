/** A new connection, or other values for one: first what kind, then what that kind needs, then whether it works. */
import { ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { queries, told, useCommand } from "../../app/queries";
import { showToast } from "../../app/toasts";
import { type ConnectionSummary, type ConnectionTested, toFailure, type Using } from "../../backend";
import { RequiredMark } from "../../components/AskInputs";
import { Dialog } from "../../components/Dialog";
import { Tile } from "../../components/Tile";
import { t } from "../../locales";
import type { Catalog } from "../../workflow/catalog";
import { type KindOf, kindOf, missing, split, suggestName, typesFor } from "../../workflow/connections";
import { FormField } from "./FormField";
import { useVault, VaultGate } from "./VaultGate";
import "./connections.css";

export type ConnectionDialogProps = {
  catalog: Catalog;
  /** Only kinds that fit there. */
  using?: Using;
  /** The kind to begin with, where it is known. */
  wanted?: string;
  /** What was typed or pasted elsewhere. */
  filled?: Record<string, unknown>;
  /** The connection to be changed; none: a new one. */
  connection?: ConnectionSummary;
  onDone: (connection: ConnectionSummary) => void;
  onClose: () => void;
};

export function ConnectionDialog(props: ConnectionDialogProps) {
  const { catalog, using, wanted, connection, onClose } = props;
  const kinds = typesFor(catalog, using);
  const only = kinds.length === 1 ? kinds[0] : kinds.find(({ type }) => type.id === wanted);
  const [kind, setKind] = useState(connection ? kindOf(catalog, connection) : only);
  const title = connection ? t("connections.change", { name: connection.name }) : t("connections.new");
  return (
    <Dialog title={title} testId="connection-dialog" onClose={onClose} className="dialog-wide">
      {kind ? (
        <Form {...props} kind={kind} onBack={connection || only ? undefined : () => setKind(undefined)} />
      ) : (
        <Kinds kinds={kinds} onPick={setKind} />
      )}
    </Dialog>
  );
}

function Kinds({ kinds, onPick }: { kinds: KindOf[]; onPick: (kind: KindOf) => void }) {
  return (
    <>
      <p className="dialog-text muted">{t("connections.which")}</p>
      <div className="kinds">
        {kinds.map((kind) => (
          <button
            key={`${kind.connector.id}.${kind.type.id}`}
            type="button"
            className="list-item"
            data-testid={`connection-kind-${kind.connector.id}-${kind.type.id}`}
            onClick={() => onPick(kind)}
          >
            <Tile connector={kind.connector} />
            <span className="list-text grow">
              <b>{kind.type.name}</b>
              <span className="muted">{kind.type.about}</span>
            </span>
            <ChevronRight size={16} aria-hidden="true" />
          </button>
        ))}
      </div>
    </>
  );
}

function Form({
  kind,
  connection,
  filled: begun = {},
  onBack,
  onDone,
  onClose,
}: ConnectionDialogProps & { kind: KindOf; onBack?: () => void }) {
  const { fields } = kind.type;
  const all = useCommand("connections_list", {});
  const vault = useVault();
  const [filled, setFilled] = useState<Record<string, unknown>>({ ...begun, ...connection?.fields });
  const [typedName, setTypedName] = useState<string | null>(connection?.name ?? null);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [saved, setSaved] = useState(connection);
  const [tested, setTested] = useState<ConnectionTested | null>(null);
  const name = typedName ?? suggestName(kind, filled, all.data ?? []);
  const open = missing(fields, filled, saved === undefined);
  const inUse = (saved?.used_by.length ?? 0) > 0;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    setTested(null);
    try {
      const values = { name: name.trim(), ...split(fields, filled) };
      const kept = saved
        ? await told("connection_replace", { id: saved.id, ...values })
        : await told("connection_add", { connector: kind.connector.id, kind: kind.type.id, ...values });
      setSaved(kept);
      setTypedName(kept.name);
      const outcome = await told("connection_test", { id: kept.id });
      if (outcome.works === false) setTested(outcome);
      else {
        showToast({ text: outcome.sentence });
        onDone(outcome.connection);
      }
    } catch (error) {
      const failure = toFailure(error);
      setProblem(`${failure.message} ${failure.hint ?? ""}`.trim());
    } finally {
      setBusy(false);
      for (const stale of ["connections_list", "vault_status"])
        void queries.invalidateQueries({ queryKey: [stale] });
    }
  };
  const advanced = fields.filter((field) => field.advanced);
  const shown = fields.filter((field) => !field.advanced || more || filled[field.id] !== undefined);
  return (
    <form className="connection-form" onSubmit={(event) => void save(event)}>
      <div className="connection-scroll">
        <p className="dialog-text muted">
          <b>{kind.type.name}.</b> {kind.type.about}
        </p>
        {shown.map((field) => (
          <FormField
            key={field.id}
            field={field}
            value={filled[field.id]}
            isKept={saved !== undefined && field.kind === "secret"}
            onChange={(value) => setFilled((before) => ({ ...before, [field.id]: value }))}
          />
        ))}
        {advanced.length > 0 && shown.length < fields.length && (
          <div className="field">
            <button
              type="button"
              className="button quiet small"
              data-testid="connection-more"
              onClick={() => setMore(true)}
            >
              {t("builder.more_options")}
            </button>
          </div>
        )}
        <div className="field">
          <label htmlFor="connection-name">
            {t("connections.name")} <RequiredMark />
          </label>
          <input
            id="connection-name"
            className="input"
            data-testid="connection-name"
            disabled={inUse}
            value={name}
            onChange={(event) => setTypedName(event.target.value)}
          />
          <p className="help">{inUse ? t("connections.name_stays") : t("connections.name_help")}</p>
        </div>
      </div>
      {problem && (
        <p className="problem form-problem" role="alert" data-testid="connection-problem">
          {problem}
        </p>
      )}
      {tested && (
        <div className="tested" role="alert" data-testid="connection-tested">
          <b>{tested.sentence}</b>
          <p>{tested.hint}</p>
        </div>
      )}
      <VaultGate forNew />
      <footer className="dialog-foot">
        {onBack && !saved && (
          <button type="button" className="button quiet" onClick={onBack}>
            {t("connections.other_kind")}
          </button>
        )}
        <span className="grow" />
        {tested && saved ? (
          <button
            type="button"
            className="button"
            data-testid="connection-keep"
            onClick={() => onDone(tested.connection)}
          >
            {t("connections.keep_anyway")}
          </button>
        ) : (
          <button type="button" className="button" onClick={onClose}>
            {t("common.cancel")}
          </button>
        )}
        <button
          type="submit"
          className="button primary"
          data-testid="connection-save"
          disabled={busy || open.length > 0 || name.trim() === "" || !vault.isOpen}
          title={open.length > 0 ? t("blanks.fill", { label: open[0]?.label ?? "" }) : undefined}
        >
          {busy ? t("connections.trying") : t("connections.save_and_test")}
        </button>
      </footer>
    </form>
  );
}
