/** Who may call webhooks, and where. */
import { useState } from "react";
import type { HookSettings } from "../../backend";
import { Switch } from "../../components/Switch";
import { t } from "../../locales";
import { Row } from "./Row";

export function HookSettingsCard({
  hooks,
  busy,
  onChange,
}: {
  hooks: HookSettings;
  busy: boolean;
  onChange: (hooks: HookSettings) => void;
}) {
  return (
    <section className="card settings" aria-label={t("hook_settings.title")}>
      <h2 className="settings-title">{t("hook_settings.title")}</h2>
      <Row title={t("hook_settings.network")} help={t("hook_settings.network_help")}>
        <Switch
          label={t("hook_settings.network")}
          testId="setting-network"
          checked={hooks.local_network}
          disabled={busy}
          onChange={(local_network) => onChange({ ...hooks, local_network })}
        />
      </Row>
      <Row title={t("hook_settings.port")} help={t("hook_settings.port_help")}>
        <Port key={hooks.port} hooks={hooks} busy={busy} onChange={onChange} />
      </Row>
    </section>
  );
}

function Port({
  hooks,
  busy,
  onChange,
}: {
  hooks: HookSettings;
  busy: boolean;
  onChange: (hooks: HookSettings) => void;
}) {
  const [text, setText] = useState(String(hooks.port ?? ""));
  const port = Number(text);
  const isNew = text !== String(hooks.port ?? "");
  const fits = /^\d+$/.test(text) && port >= 1024 && port <= 65_535;
  return (
    <span className="setting-tools">
      <input
        className="input port tabular"
        inputMode="numeric"
        aria-label={t("hook_settings.port")}
        aria-invalid={isNew && !fits}
        title={t("hook_settings.port_range")}
        placeholder={t("hook_settings.port_open")}
        data-testid="setting-port"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {isNew && (
        <button
          type="button"
          className="button"
          data-testid="setting-port-save"
          disabled={busy || !fits}
          onClick={() => onChange({ ...hooks, port })}
        >
          {t("hook_settings.port_save")}
        </button>
      )}
    </span>
  );
}
