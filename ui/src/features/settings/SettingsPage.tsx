/** The person's settings, where the data is, and whether everything is in order. */
import { CircleCheck, CircleX } from "lucide-react";
import { useAction, useCommand } from "../../app/queries";
import type { Settings, Theme } from "../../backend";
import { PageMessage } from "../../components/PageMessage";
import { Switch } from "../../components/Switch";
import { t } from "../../locales";
import { VaultGate } from "../connections/VaultGate";
import { HookSettingsCard } from "./HookSettingsCard";
import { RelayCard } from "./RelayCard";
import { Row } from "./Row";
import "../connections/connections.css";
import "./settings.css";

const THEMES: Theme[] = ["system", "light", "dark"];

export function SettingsPage() {
  const settings = useCommand("settings_get", {});
  const status = useCommand("engine_status", {});
  const save = useAction("settings_save");
  const pause = useAction("engine_pause");
  if (!settings.data || !status.data) return <PageMessage text="" busy />;
  const change = (next: Partial<Settings>) => save.mutate({ settings: { ...settings.data, ...next } });
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t("nav.settings")}</h1>
      </header>
      <div className="page-body narrow">
        <section className="card settings" aria-label={t("nav.settings")}>
          <Row title={t("settings.login")} help={t("settings.login_help")}>
            <Switch
              label={t("settings.login")}
              testId="setting-login"
              checked={settings.data.start_at_login}
              onChange={(start_at_login) => change({ start_at_login })}
            />
          </Row>
          <Row title={t("settings.theme")} help={t("settings.theme_help")}>
            <select
              className="input fit"
              aria-label={t("settings.theme")}
              data-testid="setting-theme"
              value={settings.data.theme}
              onChange={(event) => change({ theme: event.target.value as Theme })}
            >
              {THEMES.map((theme) => (
                <option key={theme} value={theme}>
                  {t(`settings.themes.${theme}`)}
                </option>
              ))}
            </select>
          </Row>
          <Row title={t("settings.pause")} help={t("settings.pause_help")}>
            <Switch
              label={t("settings.pause")}
              testId="setting-pause"
              checked={status.data.paused}
              onChange={(paused) => pause.mutate({ paused })}
            />
          </Row>
          <Row title={t("settings.data")} help={t("settings.data_help")}>
            <code data-testid="data-folder">{status.data.data_folder}</code>
          </Row>
          <Row title={t("settings.version")} help="">
            <span className="muted">{status.data.version}</span>
          </Row>
        </section>
        <HookSettingsCard
          hooks={settings.data.hooks}
          busy={save.isPending}
          onChange={(hooks) => change({ hooks })}
        />
        <RelayCard />
        <VaultGate />
        <Doctor />
      </div>
    </main>
  );
}

function Doctor() {
  const doctor = useAction("doctor");
  return (
    <section className="card settings" aria-label={t("settings.doctor")}>
      <Row title={t("settings.doctor")} help={t("settings.doctor_help")}>
        <button
          type="button"
          className="button"
          data-testid="doctor-run"
          disabled={doctor.isPending}
          onClick={() => doctor.mutate({})}
        >
          {t("settings.doctor_run")}
        </button>
      </Row>
      {doctor.data?.map((finding, index) => (
        <div className="setting finding" key={finding.check} data-testid={`doctor-finding-${index}`}>
          {finding.ok ? (
            <CircleCheck size={17} className="good" role="img" aria-label={t("settings.ok")} />
          ) : (
            <CircleX size={17} className="bad" role="img" aria-label={t("settings.not_ok")} />
          )}
          <div className="grow">
            {finding.check}
            {finding.detail && <p className="muted">{finding.detail}</p>}
          </div>
        </div>
      ))}
    </section>
  );
}
