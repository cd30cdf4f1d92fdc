/** The frame around every page: where one can go, how the engine is, and what was just said. */
import { Activity, CircleAlert, KeyRound, LayoutGrid, type LucideIcon, Settings, X } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { isWindow } from "../backend";
import { FolderDialog } from "../components/FolderDialog";
import { t } from "../locales";
import { engineHealth } from "./engineHealth";
import { useCommand } from "./queries";
import { useRoute } from "./router";
import { toasts } from "./toasts";

export function Shell({ children, bare }: { children: ReactNode; bare: boolean }) {
  return (
    <>
      <EngineBanner />
      <div className={bare ? "app app-bare" : "app"}>
        {!bare && <Nav />}
        {children}
      </div>
      <Toast />
      <FolderDialog />
    </>
  );
}

function Nav() {
  const { page } = useRoute();
  const { data: status } = useCommand("engine_status", {});
  const attention = status?.attention ?? 0;
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      <div className="brand">
        <span className="mark" aria-hidden="true">
          e
        </span>
        Errand
      </div>
      <NavLink
        to="#/"
        on={page === "home"}
        icon={LayoutGrid}
        testId="nav-workflows"
        text={t("nav.workflows")}
      />
      <NavLink
        to="#/activity"
        on={page === "activity" || page === "run"}
        icon={Activity}
        testId="nav-activity"
        text={t("nav.activity")}
      />
      <NavLink
        to="#/attention"
        on={page === "attention"}
        icon={CircleAlert}
        testId="nav-attention"
        text={t("nav.attention")}
      >
        {attention > 0 && (
          <span className="count" data-testid="attention-count">
            {attention}
          </span>
        )}
      </NavLink>
      <NavLink
        to="#/connections"
        on={page === "connections"}
        icon={KeyRound}
        testId="nav-connections"
        text={t("nav.connections")}
      />
      <span className="grow" />
      <NavLink
        to="#/settings"
        on={page === "settings"}
        icon={Settings}
        testId="nav-settings"
        text={t("nav.settings")}
      />
      <div className="nav-foot" data-testid="engine-state">
        <span className={status?.paused ? "dot dot-paused" : "dot"} aria-hidden="true" />
        {status && (status.paused ? t("nav.paused") : t("nav.working", { count: status.enabled }))}
      </div>
    </nav>
  );
}

function NavLink({
  to,
  on,
  icon: Icon,
  testId,
  text,
  children,
}: {
  to: string;
  on: boolean;
  icon: LucideIcon;
  testId: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <a href={to} className={on ? "on" : ""} aria-current={on ? "page" : undefined} data-testid={testId}>
      <Icon size={17} aria-hidden="true" />
      {text}
      {children}
    </a>
  );
}

function EngineBanner() {
  const gone = useSyncExternalStore(engineHealth.subscribe, engineHealth.get);
  const isOther = useSyncExternalStore(engineHealth.subscribe, engineHealth.isOther);
  if (!gone) return null;
  return (
    <div className="engine-gone" role="alert" data-testid="engine-gone">
      <CircleAlert size={16} aria-hidden="true" /> {goneText(isOther)}
    </div>
  );
}

function goneText(isOther: boolean): string {
  if (isWindow()) return t("nav.engine_gone");
  return isOther ? t("nav.key_gone") : t("nav.engine_gone_browser");
}

function Toast() {
  const toast = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <div className="toast-place" aria-live="polite">
      {toast && (
        <div className={`toast toast-${toast.tone ?? "plain"}`} data-testid="toast">
          <span>{toast.text}</span>
          {toast.undo && (
            <button
              type="button"
              className="button small"
              data-testid="toast-undo"
              onClick={() => {
                toast.undo?.();
                toasts.close();
              }}
            >
              {t("common.undo")}
            </button>
          )}
          <button type="button" className="icon-button" aria-label={t("common.close")} onClick={toasts.close}>
            <X size={15} />
          </button>
        </div>
      )}
    </div>
  );
}
