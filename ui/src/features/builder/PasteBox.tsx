/** Fills a step's fields from what a service's documentation gives out to be pasted. */
import { ClipboardPaste } from "lucide-react";
import { useState } from "react";
import { told } from "../../app/queries";
import { type ActionInfo, type Pasted, toFailure } from "../../backend";
import { Dialog } from "../../components/Dialog";
import { t } from "../../locales";
import { kindName } from "../../workflow/connections";
import { ConnectionDialog } from "../connections/ConnectionDialog";
import { useBuilder } from "./context";

export function PasteBox({ info, at }: { info: ActionInfo; at: string }) {
  const { catalog, edit } = useBuilder();
  const [open, setOpen] = useState(false);
  const [adding, setAdding] = useState(false);
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const take = (taken: Pasted) => {
    const kept = new Set(Object.keys(taken.with));
    const emptied = info.fields.filter((field) => !kept.has(field.id)).map((field) => [field.id, undefined]);
    edit({ type: "set_fields", at, fields: { ...Object.fromEntries(emptied), ...taken.with } });
    setPasted(taken);
    setOpen(false);
  };
  const needed = pasted?.connection;
  return (
    <div className="field">
      <button type="button" className="button small" data-testid="paste" onClick={() => setOpen(true)}>
        <ClipboardPaste size={14} aria-hidden="true" /> {t("paste.button", { what: info.pastes })}
      </button>
      {pasted && (
        <div className="pasted" data-testid="pasted">
          {pasted.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
          {needed && info.using && (
            <button
              type="button"
              className="button small"
              data-testid="paste-connection"
              onClick={() => setAdding(true)}
            >
              {t("paste.add", { kind: kindName(catalog, info.using, needed) })}
            </button>
          )}
        </div>
      )}
      {open && <PasteDialog info={info} onTake={take} onClose={() => setOpen(false)} />}
      {adding && needed && info.using && (
        <ConnectionDialog
          catalog={catalog}
          using={info.using}
          wanted={needed}
          filled={beginning(info, pasted)}
          onClose={() => setAdding(false)}
          onDone={({ name }) => {
            setAdding(false);
            setPasted(null);
            edit({ type: "set_using", at, name });
          }}
        />
      )}
    </div>
  );

  /** The connection leads where the pasted request leads. */
  function beginning(action: ActionInfo, taken: Pasted | null): Record<string, unknown> {
    const address = action.fields.find((field) => field.kind === "url");
    const type = catalog.connectors
      .find((connector) => connector.id === action.using?.connector)
      ?.connections.find((candidate) => candidate.id === taken?.connection);
    const into = type?.fields.find((field) => field.kind === "url");
    const origin = /^https?:\/\/[^/?#]+/.exec(String((address && taken?.with[address.id]) ?? ""))?.[0];
    return into && origin ? { [into.id]: origin } : {};
  }
}

function PasteDialog({
  info,
  onTake,
  onClose,
}: {
  info: ActionInfo;
  onTake: (pasted: Pasted) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const read = async () => {
    setBusy(true);
    try {
      onTake(await told("action_paste", { action: info.id, text }));
    } catch (error) {
      const failure = toFailure(error);
      setProblem(`${failure.message} ${failure.hint ?? ""}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t("paste.title", { what: info.pastes })} testId="paste-dialog" onClose={onClose}>
      <div className="field">
        <textarea
          data-first
          className="input code"
          rows={7}
          aria-label={t("paste.title", { what: info.pastes })}
          spellCheck={false}
          data-testid="paste-text"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <p className="help">{t("paste.help")}</p>
        {problem && (
          <p className="problem" role="alert" data-testid="paste-problem">
            {problem}
          </p>
        )}
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={onClose}>
          {t("common.cancel")}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="paste-go"
          disabled={busy || text.trim() === ""}
          onClick={() => void read()}
        >
          {t("paste.go")}
        </button>
      </footer>
    </Dialog>
  );
}
