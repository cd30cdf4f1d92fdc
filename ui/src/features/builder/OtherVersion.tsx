/** Two windows on one workflow: what was typed here against what was kept there. */
import { GitFork } from "lucide-react";
import { showToast } from "../../app/toasts";
import { t } from "../../locales";
import type { Draft } from "./useDraft";

export function OtherVersion({ draft }: { draft: Draft }) {
  if (!draft.other) return null;
  const takeOther = () => {
    draft.takeOther();
    showToast({ text: t("other.used") });
  };
  return (
    <div className="other-version" role="alert" data-testid="other-version">
      <GitFork size={17} aria-hidden="true" />
      <span className="grow">
        <b>{t("other.title")}</b> {t("other.text")}
      </span>
      <button type="button" className="button small" data-testid="use-other" onClick={takeOther}>
        {t("other.use")}
      </button>
      <button type="button" className="button small" data-testid="keep-mine" onClick={draft.keepMine}>
        {t("other.keep")}
      </button>
    </div>
  );
}
