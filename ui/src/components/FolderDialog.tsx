/** The folder picker of hosts without a native one: names only, below home, served by the engine. */
import { ArrowUp, Folder } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { useCommand } from "../app/queries";
import { folderQuestion, toFailure } from "../backend";
import { t } from "../locales";
import { Dialog } from "./Dialog";

export function FolderDialog() {
  const question = useSyncExternalStore(folderQuestion.subscribe, folderQuestion.get);
  return question && <Picker answer={question.answer} />;
}

function Picker({ answer }: { answer: (folder: string | null) => void }) {
  const [path, setPath] = useState("~");
  const listing = useCommand("folders_list", { path });
  const parent = listing.data?.parent;
  return (
    <Dialog title={t("folders.title")} testId="folder-dialog" onClose={() => answer(null)}>
      <div className="folder-path">
        <button
          type="button"
          className="icon-button"
          aria-label={t("folders.up")}
          data-testid="folder-up"
          disabled={!parent}
          onClick={() => parent && setPath(parent)}
        >
          <ArrowUp size={16} />
        </button>
        <span data-testid="folder-path">{listing.data?.path ?? path}</span>
      </div>
      <div className="folder-list">
        {listing.error && <p className="problem">{toFailure(listing.error).message}</p>}
        {listing.data?.folders.length === 0 && <p className="muted">{t("folders.empty")}</p>}
        {listing.data?.folders.map((name) => (
          <button
            key={name}
            type="button"
            className="list-item"
            data-testid={`folder-item-${name}`}
            onClick={() => setPath(`${listing.data.path}/${name}`)}
          >
            <Folder size={16} aria-hidden="true" /> {name}
          </button>
        ))}
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={() => answer(null)}>
          {t("common.cancel")}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="folder-choose"
          disabled={!listing.data}
          onClick={() => answer(listing.data?.path ?? null)}
        >
          {t("folders.choose")}
        </button>
      </footer>
    </Dialog>
  );
}
