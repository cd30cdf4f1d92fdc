/** A webhook's own address: to be copied, tried, and told how it fares. */
import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { t } from "../../locales";
import { useBuilder } from "./context";

const COPIED_MS = 2000;

export function HookBox() {
  const { detail } = useBuilder();
  const { hook_url: address, relay_url: relayed, enabled, trigger } = detail;
  return (
    <section className="hook" data-testid="hook" aria-label={t("hook.title")}>
      <b>{t("hook.title")}</b>
      {address ? (
        <>
          <p className="help">{enabled ? t("hook.give") : t("hook.off")}</p>
          <Copied text={address} testId="hook-url" label={t("hook.copy")} />
          {relayed && (
            <>
              <p className="help">{t("hook.relayed")}</p>
              <Copied text={relayed} testId="relay-url" label={t("hook.copy_relayed")} />
            </>
          )}
          <details>
            <summary data-testid="hook-example">{t("hook.try")}</summary>
            <p className="help">{t("hook.try_help")}</p>
            <Copied text={exampleCall(address)} testId="hook-call" label={t("hook.copy_call")} />
          </details>
          {trigger?.problem && (
            <p className="problem" data-testid="hook-problem">
              {trigger.problem}
            </p>
          )}
          <p className="help">
            {t("hook.secret")} <a href="#/settings">{t("hook.from_elsewhere")}</a>
          </p>
        </>
      ) : (
        <p className="help">{t("hook.not_yet")}</p>
      )}
    </section>
  );
}

function exampleCall(address: string): string {
  return `curl -X POST '${address}' -H 'Content-Type: application/json' -d '{"hello": "world"}'`;
}

function Copied({ text, testId, label }: { text: string; testId: string; label: string }) {
  const [done, setDone] = useState(false);
  const code = useRef<HTMLElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), COPIED_MS);
    } catch {
      // Where a page may not write there, the person's own keys can.
      if (code.current) getSelection()?.selectAllChildren(code.current);
    }
  };
  return (
    <div className="copied">
      <code ref={code} data-testid={testId}>
        {text}
      </code>
      <button
        type="button"
        className="button small"
        data-testid={`${testId}-copy`}
        aria-label={label}
        onClick={() => void copy()}
      >
        {done ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        {done ? t("hook.copied") : t("hook.copy_word")}
      </button>
    </div>
  );
}
