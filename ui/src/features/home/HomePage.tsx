/** The list of workflows: what each does, how it went lately, what it is doing now, its switch. */
import { Copy, Ellipsis, Play, Plus, Search, Trash2 } from "lucide-react";
import { useState } from "react";
import { useAction, useCatalog, useCommand } from "../../app/queries";
import { go } from "../../app/router";
import { showToast } from "../../app/toasts";
import { toFailure, type WorkflowSummary } from "../../backend";
import { Menu, MenuItem } from "../../components/Menu";
import { PageMessage } from "../../components/PageMessage";
import { Switch } from "../../components/Switch";
import { TileStack } from "../../components/Tile";
import { t } from "../../locales";
import { type Catalog, connectorsOf } from "../../workflow/catalog";
import { AwayLine } from "./AwayLine";
import { DayBars } from "./DayBars";
import { RunNow } from "./RunNow";
import { StateChip } from "./StateChip";
import { WorkflowSentence } from "./summary";
import { TemplateCards } from "./TemplateCards";
import "./home.css";

export function HomePage() {
  const workflows = useCommand("workflows_list", {});
  const catalog = useCatalog();
  const [search, setSearch] = useState("");
  if (workflows.error && !workflows.data) return <PageMessage text={toFailure(workflows.error).message} />;
  if (!workflows.data || !catalog) return <PageMessage text="" busy />;
  const shown = workflows.data.filter((workflow) => fits(workflow, search));
  return (
    <main className="page">
      <header className="page-head">
        <h1>{t("home.title")}</h1>
        <span className="grow" />
        <div className="search">
          <Search size={15} aria-hidden="true" />
          <input
            className="bare"
            aria-label={t("home.search")}
            placeholder={t("home.search")}
            data-testid="home-search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
        <button
          type="button"
          className="button primary"
          data-testid="new-workflow"
          onClick={() => go("#/new")}
        >
          <Plus size={16} aria-hidden="true" /> {t("home.new")}
        </button>
      </header>
      <div className="page-body">
        <AwayLine />
        <section className="card" aria-label={t("home.title")}>
          <div className="workflow-row workflow-head" aria-hidden="true">
            <span />
            <span />
            <span>{t("home.days")}</span>
            <span>{t("home.now")}</span>
            <span />
            <span />
          </div>
          {shown.map((workflow) => (
            <WorkflowRow key={workflow.id} workflow={workflow} catalog={catalog} />
          ))}
          {shown.length === 0 && <p className="empty muted">{t("home.none_found", { search })}</p>}
        </section>
      </div>
    </main>
  );
}

/** First launch: nothing is there yet. */
export function HomeOrFirstLaunch() {
  const workflows = useCommand("workflows_list", {});
  return workflows.data?.length === 0 ? <TemplateCards /> : <HomePage />;
}

function fits({ name, document }: WorkflowSummary, search: string): boolean {
  const text =
    `${name} ${document.about ?? ""} ${JSON.stringify([document.trigger, document.steps])}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function WorkflowRow({ workflow, catalog }: { workflow: WorkflowSummary; catalog: Catalog }) {
  const { id, name, document } = workflow;
  const enable = useAction("workflow_enable");
  const publish = useAction("workflow_publish");
  const open = () => go(`#/workflows/${id}`);
  const notReady = (error: unknown) => {
    if (toFailure(error).kind !== "bad_input") return;
    showToast({ text: t("home.not_ready", { name }), tone: "bad" });
    open();
  };
  return (
    <article className="workflow-row" data-testid={`workflow-row-${id}`}>
      <TileStack connectors={connectorsOf(catalog, document)} />
      <button type="button" className="workflow-open" data-testid={`workflow-open-${id}`} onClick={open}>
        <b>{name}</b>
        <span className="muted">
          <WorkflowSentence catalog={catalog} document={document} />
        </span>
      </button>
      <DayBars days={workflow.days} />
      <StateChip workflow={workflow} />
      <Switch
        label={t("home.switch", { name })}
        testId={`workflow-switch-${id}`}
        checked={workflow.enabled}
        disabled={enable.isPending || publish.isPending}
        onChange={(enabled) =>
          workflow.version === null
            ? publish.mutate({ id, enable: true }, { onError: notReady })
            : enable.mutate({ id, enabled })
        }
      />
      <RowMenu workflow={workflow} />
    </article>
  );
}

function RowMenu({ workflow }: { workflow: WorkflowSummary }) {
  const { id, name, document } = workflow;
  const [running, setRunning] = useState(false);
  const restore = useAction("workflow_restore");
  const copy = useAction("workflow_create", (made) => go(`#/workflows/${made.id}`));
  const remove = useAction("workflow_delete", () =>
    showToast({ text: t("home.deleted", { name }), undo: () => restore.mutate({ id }) }),
  );
  return (
    <>
      <Menu label={t("home.menu", { name })} testId={`workflow-menu-${id}`} icon={<Ellipsis size={18} />}>
        <MenuItem testId="menu-run" icon={<Play size={15} />} onSelect={() => setRunning(true)}>
          {t("home.run_now")}
        </MenuItem>
        <MenuItem
          testId="menu-duplicate"
          icon={<Copy size={15} />}
          onSelect={() => copy.mutate({ document: { ...document, name: t("home.copy_of", { name }) } })}
        >
          {t("home.duplicate")}
        </MenuItem>
        <MenuItem testId="menu-delete" icon={<Trash2 size={15} />} onSelect={() => remove.mutate({ id })}>
          {t("home.delete")}
        </MenuItem>
      </Menu>
      {running && <RunNow id={id} document={document} onClose={() => setRunning(false)} />}
    </>
  );
}
