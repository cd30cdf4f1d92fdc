/** Webhooks from the internet for a computer behind a router: through a relay that the person chooses. */
import { useState } from "react";
import { useAction, useCommand } from "../../app/queries";
import type { Relay } from "../../backend";
import { Chip } from "../../components/Chip";
import { Dialog } from "../../components/Dialog";
import { t } from "../../locales";
import { Row } from "./Row";

export function RelayCard() {
  const status = useCommand("relay_status", {});
  if (!status.data) return null;
  const { relay } = status.data;
  return (
    <section className="card settings" aria-label={t("relay.title")} data-testid="relay">
      <h2 className="settings-title">{t("relay.title")}</h2>
      {relay ? <InUse relay={relay} /> : <Join />}
    </section>
  );
}

function InUse({ relay }: { relay: Relay }) {
  const [leaving, setLeaving] = useState(false);
  const leave = useAction("relay_leave", () => setLeaving(false));
  return (
    <>
      <Row title={relay.address} help={relay.problem ?? t("relay.in_use")}>
        <Chip tone={relay.connected ? "good" : "bad"} testId="relay-state">
          {relay.connected ? t("relay.connected") : t("relay.not_connected")}
        </Chip>
        <button type="button" className="button" data-testid="relay-leave" onClick={() => setLeaving(true)}>
          {t("relay.leave")}
        </button>
      </Row>
      {relay.refused > 0 && <Count text={t("relay.refused", { count: relay.refused })} />}
      {relay.lost > 0 && <Count text={t("relay.lost", { count: relay.lost })} />}
      {leaving && (
        <Dialog title={t("relay.leave_title")} testId="confirm" onClose={() => setLeaving(false)}>
          <p className="dialog-text">{t("relay.leave_help")}</p>
          <footer className="dialog-foot">
            <button type="button" className="button" data-first onClick={() => setLeaving(false)}>
              {t("common.cancel")}
            </button>
            <button
              type="button"
              className="button danger"
              data-testid="confirm-yes"
              disabled={leave.isPending}
              onClick={() => leave.mutate({})}
            >
              {t("relay.leave")}
            </button>
          </footer>
        </Dialog>
      )}
    </>
  );
}

function Count({ text }: { text: string }) {
  return <p className="setting muted">{text}</p>;
}

function Join() {
  const join = useAction("relay_join");
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState("");
  const [invitation, setInvitation] = useState("");
  if (!open) {
    return (
      <Row title={t("relay.off")} help={t("relay.off_help")}>
        <button type="button" className="button" data-testid="relay-open" onClick={() => setOpen(true)}>
          {t("relay.set_up")}
        </button>
      </Row>
    );
  }
  return (
    <form
      className="relay-form"
      onSubmit={(event) => {
        event.preventDefault();
        join.mutate({ address, invitation });
      }}
    >
      <p className="muted">{t("relay.how")}</p>
      <label>
        <span>{t("relay.address")}</span>
        <input
          className="input"
          type="url"
          required
          placeholder="https://relay.example.com"
          data-testid="relay-address"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <label>
        <span>{t("relay.invitation")}</span>
        <input
          className="input"
          type="password"
          autoComplete="off"
          required
          placeholder={t("relay.invitation_help")}
          data-testid="relay-invitation"
          value={invitation}
          onChange={(event) => setInvitation(event.target.value)}
        />
      </label>
      <span className="setting-tools">
        <button
          type="submit"
          className="button primary"
          data-testid="relay-join"
          disabled={join.isPending || address === "" || invitation === ""}
        >
          {t("relay.join")}
        </button>
        <button type="button" className="button quiet" onClick={() => setOpen(false)}>
          {t("common.cancel")}
        </button>
      </span>
    </form>
  );
}
