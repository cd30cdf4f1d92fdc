/** Starter workflows to choose from, as before and after. One click makes a draft and opens it. */
import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { useAction, useCatalog, useCommand } from "../../app/queries";
import { go } from "../../app/router";
import type { TemplateCard } from "../../backend";
import { TileStack } from "../../components/Tile";
import { t } from "../../locales";
import { connectorsOf } from "../../workflow/catalog";
import "./home.css";

export function TemplateCards({ onBack }: { onBack?: () => void }) {
  const templates = useCommand("templates_list", {});
  const create = useAction("workflow_create", (made) => go(`#/workflows/${made.id}`));
  const [search, setSearch] = useState("");
  const shown = (templates.data ?? []).filter((card) => fits(card, search));
  const fromNothing = () => create.mutate({ document: { format: 1, name: t("home.new_name"), steps: [] } });
  return (
    <main className="first-launch" data-testid="first-launch">
      {onBack && (
        <button type="button" className="button quiet first-back" onClick={onBack}>
          {t("common.to_workflows")}
        </button>
      )}
      <div className="mark mark-big" aria-hidden="true">
        e
      </div>
      <h1>{t("home.question")}</h1>
      <p className="muted">{t("home.promise")}</p>
      <div className="search search-big">
        <Search size={18} aria-hidden="true" />
        <input
          className="bare"
          aria-label={t("home.search_templates")}
          placeholder={t("home.search_templates")}
          data-testid="template-search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <div className="templates">
        {templates.isPending && [0, 1, 2].map((index) => <div key={index} className="card skeleton tall" />)}
        {shown.map((card) => (
          <Template
            key={card.id}
            card={card}
            busy={create.isPending}
            onPick={() => create.mutate({ document: card.document })}
          />
        ))}
      </div>
      {templates.data && shown.length === 0 && <p className="muted">{t("home.no_template")}</p>}
      <div className="first-foot">
        <button
          type="button"
          className="button quiet"
          data-testid="start-from-nothing"
          disabled={create.isPending}
          onClick={fromNothing}
        >
          {t("home.from_nothing")}
        </button>
        <OpenFile />
      </div>
    </main>
  );
}

function fits({ document }: TemplateCard, search: string): boolean {
  const template = document.template;
  const text = [
    document.name,
    document.about,
    template?.group,
    template?.title,
    template?.before,
    template?.after,
  ]
    .join(" ")
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Template({ card, busy, onPick }: { card: TemplateCard; busy: boolean; onPick: () => void }) {
  const catalog = useCatalog();
  const { template, name } = card.document;
  return (
    <button
      type="button"
      className="card template"
      data-testid={`template-${card.id}`}
      disabled={busy}
      onClick={onPick}
    >
      {catalog && <TileStack connectors={connectorsOf(catalog, card.document)} />}
      <b>{template?.title ?? name}</b>
      {template && (
        <span className="before-after">
          {template.before} <span aria-hidden="true">→</span> {template.after}
        </span>
      )}
    </button>
  );
}

function OpenFile() {
  const input = useRef<HTMLInputElement>(null);
  const open = useAction("workflow_import", (imported) => go(`#/workflows/${imported.id}`));
  return (
    <>
      <button
        type="button"
        className="button quiet"
        data-testid="open-file"
        onClick={() => input.current?.click()}
      >
        {t("home.open_file")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".yaml,.yml,.json"
        data-testid="open-file-input"
        onChange={async (event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) open.mutate({ text: await file.text(), enable: false });
        }}
      />
    </>
  );
}
