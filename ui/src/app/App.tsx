/** Which page is shown, in which colours, and what keeps it fresh. */
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { subscribe } from "../backend";
import { ActivityPage } from "../features/activity/ActivityPage";
import { RunPage } from "../features/activity/RunPage";
import { AttentionPage } from "../features/attention/AttentionPage";
import { BuilderPage } from "../features/builder/BuilderPage";
import { keepDrafts } from "../features/builder/drafts";
import { ConnectionsPage } from "../features/connections/ConnectionsPage";
import { HomeOrFirstLaunch } from "../features/home/HomePage";
import { TemplateCards } from "../features/home/TemplateCards";
import { SettingsPage } from "../features/settings/SettingsPage";
import { engineHealth } from "./engineHealth";
import { onEvent, queries, useCommand } from "./queries";
import { go, type Route, useRoute } from "./router";
import { Shell } from "./Shell";

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Listening />
      <Pages />
    </QueryClientProvider>
  );
}

function Listening() {
  useEffect(() => {
    engineHealth.whenBack(() => void queries.invalidateQueries());
    return subscribe(onEvent);
  }, []);
  useEffect(keepDrafts, []);
  const { data: settings } = useCommand("settings_get", {});
  const theme = settings?.theme ?? "system";
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return null;
}

function Pages() {
  const route = useRoute();
  const workflows = useCommand("workflows_list", {});
  const first = route.page === "home" && workflows.data?.length === 0;
  const bare = first || route.page === "new" || route.page === "workflow";
  return (
    <Shell bare={bare}>
      <Page route={route} />
    </Shell>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "home":
      return <HomeOrFirstLaunch />;
    case "new":
      return <TemplateCards onBack={() => go("#/")} />;
    case "workflow":
      return <BuilderPage id={route.id} />;
    case "activity":
      return <ActivityPage workflow={route.workflow} state={route.state} />;
    case "run":
      return <RunPage id={route.id} />;
    case "attention":
      return <AttentionPage />;
    case "connections":
      return <ConnectionsPage />;
    case "settings":
      return <SettingsPage />;
  }
}
