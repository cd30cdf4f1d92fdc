/** Stands before everything with secrets: asks for the pass phrase where one is wanted, and says why secrets can't be opened. No form of its own, for it stands in forms, too. */
import { KeyRound } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { queries, told, useCommand } from "../../app/queries";
import { toFailure, type VaultStatus } from "../../backend";
import { t } from "../../locales";

/** Whether secrets can be kept now. */
export function useVault(): { status: VaultStatus | undefined; isOpen: boolean } {
  const { data: status } = useCommand("vault_status", {});
  return { status, isOpen: status !== undefined && !status.wants_pass_phrase && status.problem === null };
}

/** `forNew`: also where no secret is kept yet, for one is about to be. */
export function VaultGate({ forNew = false }: { forNew?: boolean }) {
  const { status, isOpen } = useVault();
  if (!status || isOpen || (status.kept === null && !forNew)) return null;
  return (
    <section className="vault" data-testid="vault" aria-label={t("vault.title")}>
      <KeyRound size={18} aria-hidden="true" />
      <div className="grow">
        {status.wants_pass_phrase ? (
          <PassPhrase isNew={status.kept === null} />
        ) : (
          <Locked problem={status.problem ?? ""} hint={status.hint ?? ""} />
        )}
      </div>
    </section>
  );
}

function PassPhrase({ isNew }: { isNew: boolean }) {
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const unlock = useUnlock();
  const differ = isNew && second !== "" && first !== second;
  const ready = first !== "" && (!isNew || first === second);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (ready) void unlock.now(first);
  };
  return (
    <>
      <b>{isNew ? t("vault.new_title") : t("vault.locked_title")}</b>
      <p className="muted">{isNew ? t("vault.new_help") : t("vault.locked_help")}</p>
      <div className="vault-row">
        <input
          className="input"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          aria-label={t("vault.pass_phrase")}
          placeholder={t("vault.pass_phrase")}
          data-testid="pass-phrase"
          value={first}
          onKeyDown={onKeyDown}
          onChange={(event) => setFirst(event.target.value)}
        />
        {isNew && (
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            aria-label={t("vault.again")}
            placeholder={t("vault.again")}
            data-testid="pass-phrase-again"
            aria-invalid={differ}
            value={second}
            onKeyDown={onKeyDown}
            onChange={(event) => setSecond(event.target.value)}
          />
        )}
        <button
          type="button"
          className="button primary"
          data-testid="vault-unlock"
          disabled={!ready || unlock.busy}
          onClick={() => void unlock.now(first)}
        >
          {isNew ? t("vault.use") : t("vault.unlock")}
        </button>
      </div>
      {differ && <p className="problem">{t("vault.differ")}</p>}
      {unlock.problem && (
        <p className="problem" role="alert" data-testid="vault-problem">
          {unlock.problem}
        </p>
      )}
    </>
  );
}

function Locked({ problem, hint }: { problem: string; hint: string }) {
  const unlock = useUnlock();
  return (
    <>
      <b>{problem}</b>
      <p className="muted">{hint}</p>
      <div className="vault-row">
        <button
          type="button"
          className="button"
          data-testid="vault-unlock"
          disabled={unlock.busy}
          onClick={() => void unlock.now()}
        >
          {t("vault.try_again")}
        </button>
      </div>
      {unlock.problem && unlock.problem !== problem && <p className="problem">{unlock.problem}</p>}
    </>
  );
}

function useUnlock() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const now = async (phrase?: string) => {
    setBusy(true);
    setProblem("");
    try {
      await told("vault_unlock", phrase === undefined ? {} : { pass_phrase: phrase });
      await queries.invalidateQueries({ queryKey: ["vault_status"] });
      await queries.invalidateQueries({ queryKey: ["connections_list"] });
    } catch (error) {
      const failure = toFailure(error);
      setProblem(`${failure.message} ${failure.hint ?? ""}`.trim());
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, now };
}
