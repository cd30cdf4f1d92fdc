/** A made-up engine with a made-up connector, for tests of screens and for looking at them. */
import type {
  AppEvent,
  Commands,
  ConnectorInfo,
  Field,
  Problem,
  RunDetail,
  RunSummary,
  StepView,
  Workflow,
  WorkflowDetail,
} from "../src/backend";
import type { CommandName, Host } from "../src/backend/host";

function field(id: string, kind: Field["kind"], label: string, more: Partial<Field> = {}): Field {
  return {
    id,
    kind,
    label,
    help: "",
    required: false,
    default: null,
    example: "",
    choices: [],
    suggest: "",
    advanced: false,
    ...more,
  };
}

export const CONNECTORS: ConnectorInfo[] = [
  {
    id: "shelf",
    name: "Shelves",
    about: "Things on shelves",
    color: "#5b7083",
    icon: "folder",
    connections: [],
    triggers: [
      {
        id: "shelf.thing_appears",
        name: "New thing",
        sentence: "A thing like {like} appears on {shelf}",
        about: "Notices things that are put on a shelf",
        source: "folder",
        using: null,
        fields: [
          field("shelf", "folder", "Shelf", { required: true, example: "~/Downloads" }),
          field("like", "patterns", "Things like", {
            example: "*.pdf",
            help: "Several, separated by commas.",
          }),
          field("deep", "yes_no", "Shelves inside too", { default: false, advanced: true }),
        ],
        gives: [
          { id: "place", label: "Thing", kind: "file" },
          { id: "title", label: "Thing’s name", kind: "text" },
          { id: "weight", label: "Weight", kind: "number" },
        ],
        sample: { place: "/home/me/Downloads/scan0231.pdf", title: "scan0231.pdf", weight: 1200 },
      },
      {
        id: "shelf.by_hand",
        name: "Start by hand",
        sentence: "You start it, giving {questions}",
        about: "Starts when you say so",
        source: "manual",
        using: null,
        fields: [field("questions", "inputs", "Questions")],
        gives: [],
        sample: {},
      },
    ],
    actions: [
      {
        id: "shelf.carry",
        name: "Carry a thing",
        sentence: "Carry {thing} to {target}",
        about: "Puts a thing somewhere else",
        effect: "verifiable",
        reaches_people: false,
        pastes: "",
        using: null,
        fields: [
          field("thing", "file", "Thing", { required: true, suggest: "trigger.place" }),
          field("target", "destination", "To", {
            required: true,
            help: "A shelf that doesn’t exist yet is made.",
            example: "~/Documents/",
          }),
          field("taken", "choice", "If that name is taken", {
            default: "both",
            choices: [
              { value: "both", label: "Keep both" },
              { value: "replace", label: "Replace it" },
            ],
          }),
          field("labels", "record", "Labels", { advanced: true }),
        ],
        gives: [{ id: "place", label: "Carried thing", kind: "file" }],
        sample: { place: "/home/me/Documents/scan0231.pdf" },
      },
    ],
  },
  {
    id: "bell",
    name: "Bell",
    about: "Tells you",
    color: "#8a5a9e",
    icon: "bell",
    connections: [],
    triggers: [],
    actions: [
      {
        id: "bell.ring",
        name: "Ring",
        sentence: "Show the message “{words}”",
        about: "Shows a few words on the screen",
        effect: "idempotent",
        reaches_people: false,
        pastes: "",
        using: null,
        fields: [
          field("words", "text", "Words", { required: true }),
          field("more", "long_text", "More words"),
        ],
        gives: [],
        sample: {},
      },
    ],
  },
];

export const TIDY: Workflow = {
  format: 1,
  name: "Tidy the shelf",
  trigger: { on: "shelf.thing_appears", with: { like: "*.pdf" } },
  steps: [
    {
      id: "carry",
      do: "shelf.carry",
      with: { thing: "{{ trigger.place }}", target: "{{ now | date('%Y-%m') }}/" },
    },
    { id: "ring", do: "bell.ring", with: { words: "{{ trigger.title }} is tidied" } },
  ],
  template: {
    group: "Order",
    title: "Tidy my shelf",
    before: "scan0231.pdf",
    after: "Documents / 2026-11 / scan0231.pdf",
    blanks: ["trigger.with.shelf", "steps.carry.with.target"],
  },
};

const FULL: Workflow = {
  format: 1,
  name: "File new invoices",
  trigger: { on: "shelf.thing_appears", with: { like: "*.pdf", shelf: "~/Downloads" } },
  steps: [
    { id: "only_if", only_if: { all: [{ left: "{{ trigger.weight }}", is: "greater than", right: 1000 }] } },
    {
      id: "carry",
      do: "shelf.carry",
      with: { thing: "{{ trigger.place }}", target: "~/Invoices/{{ now | date('%Y-%m') }}/" },
    },
    { id: "ring", do: "bell.ring", with: { words: "{{ trigger.title }} is filed" } },
  ],
};

type Kept = { id: string; draft: Workflow; revision: number; published: Workflow | null; enabled: boolean };

/** What a real engine would say is missing. */
function problemsOf(document: Workflow): Problem[] {
  const found: Problem[] = [];
  const miss = (place: string, label: string) =>
    found.push({ place, message: `${label} must be filled in.`, hint: null, position: null });
  if (!document.trigger) {
    found.push({
      place: "trigger",
      message: "Nothing starts it yet.",
      hint: "Choose a trigger.",
      position: null,
    });
  }
  const known = CONNECTORS.flatMap((connector) => [...connector.triggers, ...connector.actions]);
  const check = (place: string, id: string | undefined, filled: Record<string, unknown> = {}) => {
    for (const asked of known.find((info) => info.id === id)?.fields ?? []) {
      if (asked.required && !filled[asked.id]) miss(`${place}.with.${asked.id}`, asked.label);
    }
  };
  check("trigger", document.trigger?.on, document.trigger?.with);
  for (const step of document.steps) check(`steps.${step.id}`, step.do, step.with);
  return found;
}

const NOW = Date.now();
const at = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

function stepView(path: string, more: Partial<StepView>): StepView {
  return {
    path,
    state: "succeeded",
    effect: "verifiable",
    attempts: [{ number: 1, started: at(4), ended: at(4), error: null }],
    input: {},
    output: {},
    error: null,
    started: at(4),
    ended: at(4),
    wake_at: null,
    ...more,
  };
}

function runOf(id: string, more: Partial<RunSummary>): RunSummary {
  return {
    id,
    workflow: "w1",
    workflow_name: FULL.name,
    version: 1,
    state: "done",
    outcome: "ok",
    reason: null,
    subject: "scan0231.pdf",
    created: at(4),
    started: at(4),
    ended: at(4),
    wake_at: null,
    ...more,
  };
}

function detailOf(run: RunSummary): RunDetail {
  const open = run.state === "attention";
  const error = {
    kind: "rejected" as const,
    message: "~/Invoices can’t be written to.",
    hint: "Allow writing there, or choose another shelf.",
    field: "target",
    may_have_happened: false,
  };
  return {
    ...run,
    event: { place: "/home/me/Downloads/scan0231.pdf", title: "scan0231.pdf", weight: 1200 },
    document: FULL,
    steps: [
      stepView("only_if", { effect: "pure", output: null }),
      stepView("carry", {
        state: open ? (run.id === "r2" ? "unknown" : "failed") : "succeeded",
        input: { thing: "~/Downloads/scan0231.pdf", target: "~/Invoices/2026-11/", taken: "both" },
        output: open ? null : { place: "~/Invoices/2026-11/scan0231.pdf" },
        error: open ? error : null,
      }),
      ...(open ? [] : [stepView("ring", { input: { words: "scan0231.pdf is filed" } })]),
    ],
  };
}

export function fakeHost(empty = true): Host {
  const kept = new Map<string, Kept>();
  const listeners = new Set<(event: AppEvent) => void>();
  const runs = [
    runOf("r1", { state: "running", outcome: null, ended: null, subject: "scan0232.pdf", created: at(0) }),
    runOf("r2", {
      state: "attention",
      outcome: null,
      ended: null,
      reason: "Nobody can tell whether it was done.",
    }),
    runOf("r3", {
      state: "attention",
      outcome: null,
      ended: null,
      reason: "A step failed.",
      subject: "bill.pdf",
    }),
    runOf("r4", {}),
    runOf("r5", { outcome: "filtered", reason: "The weight is not greater than 1000.", subject: "note.pdf" }),
    runOf("r6", { outcome: "failed", reason: "The shelf isn’t there.", subject: "x.pdf", created: at(3000) }),
  ];
  if (!empty) {
    kept.set("w1", { id: "w1", draft: FULL, revision: 0, published: FULL, enabled: true });
    kept.set("w2", { id: "w2", draft: TIDY, revision: 0, published: null, enabled: false });
  }
  let settings: Commands["settings_get"]["response"] = {
    start_at_login: true,
    theme: "system",
    hooks: { port: null, local_network: false },
  };
  let paused = false;
  const detail = ({ id, draft, revision, published, enabled }: Kept): WorkflowDetail => ({
    id,
    name: draft.name,
    enabled,
    version: published ? 1 : null,
    draft,
    revision,
    published,
    problems: problemsOf(draft),
    has_changes: published !== draft,
    trigger: null,
    hook_url: null,
    relay_url: null,
  });
  const need = (id: string) => {
    const found = kept.get(id);
    if (!found) throw { kind: "not_found", message: "There is no such workflow.", hint: null };
    return found;
  };
  const status = () => ({
    version: "0.1.0",
    pid: 1,
    paused,
    enabled: 1,
    attention: empty ? 0 : 2,
    live: 1,
    data_folder: "~/.local/share/errand",
    home: "/home/me",
  });
  const answers: { [N in CommandName]?: (request: Commands[N]["request"]) => unknown } = {
    engine_status: status,
    engine_pause: (request) => {
      paused = request.paused;
      return status();
    },
    settings_get: () => settings,
    settings_save: (request) => {
      settings = request.settings;
      return settings;
    },
    doctor: () => [
      { check: "Every accepted event has a run or a reason", ok: true, invariant: true, detail: "" },
      { check: "Messages can be shown", ok: false, invariant: false, detail: "No desktop answers." },
    ],
    connectors_list: () => CONNECTORS,
    connections_list: () => [],
    vault_status: () => ({ kept: null, problem: null, hint: null, wants_pass_phrase: false }),
    relay_status: () => ({ relay: null }),
    away_list: () => [],
    templates_list: () => [
      { id: "tidy", document: TIDY },
      {
        id: "invoices",
        document: { ...FULL, template: { ...TIDY.template, title: "File my invoices", blanks: [] } },
      },
    ],
    folders_list: (request) => ({
      path: request.path ?? "~",
      parent: request.path && request.path !== "~" ? "~" : null,
      folders: request.path && request.path !== "~" ? [] : ["Documents", "Downloads", "Pictures"],
    }),
    workflows_list: () =>
      [...kept.values()].map((one) => ({
        ...detail(one),
        document: one.published ?? one.draft,
        days: [0, 0, 3, 5, 2, 7, 4, 0, 0, 6, 8, 3, 5, 4].map((ok, day) => ({ ok, bad: day === 9 ? 1 : 0 })),
        last_run: one.published ? runs[3] : null,
        attention: 0,
        live: 0,
      })),
    workflow_get: ({ id }) => detail(need(id)),
    workflow_create: ({ document }) => {
      const made = { id: `w${kept.size + 1}`, draft: document, revision: 0, published: null, enabled: false };
      kept.set(made.id, made);
      return detail(made);
    },
    workflow_save: ({ id, document, revision }) => {
      const one = need(id);
      if (revision !== null && revision !== one.revision) {
        throw { kind: "conflict", message: "This workflow was changed meanwhile.", hint: null };
      }
      one.draft = document;
      one.revision += 1;
      for (const tell of listeners) tell({ type: "workflow_changed", id });
      return { revision: one.revision, problems: problemsOf(document), has_changes: true };
    },
    workflow_publish: ({ id, enable }) => {
      const one = need(id);
      one.published = one.draft;
      one.revision += 1;
      one.enabled ||= enable;
      return detail(one);
    },
    workflow_enable: ({ id, enabled }) => {
      need(id).enabled = enabled;
      return detail(need(id));
    },
    workflow_delete: ({ id }) => void kept.delete(id),
    workflow_samples: () => [
      { place: "/home/me/Downloads/scan0231.pdf", title: "scan0231.pdf", weight: 1200 },
      { place: "/home/me/Downloads/bill.pdf", title: "bill.pdf", weight: 900 },
    ],
    workflow_preview: ({ document, event }) => ({
      ...detailOf(runOf("p", {})),
      document,
      event,
      steps: document.steps.map((step) =>
        stepView(step.id, {
          output: { place: "/home/me/Invoices/2026-11/scan0231.pdf" },
          would: step.do && {
            kind: "move",
            summary: "Would carry scan0231.pdf to ~/Invoices/2026-11",
            details: { From: "~/Downloads/scan0231.pdf", To: "~/Invoices/2026-11/scan0231.pdf" },
          },
        } as Partial<StepView>),
      ),
    }),
    workflow_run: () => detailOf(runOf("r4", {})),
    runs_list: ({ state }) => (empty ? [] : runs.filter((run) => !state || run.state === state)),
    run_get: ({ id }) => detailOf(runs.find((run) => run.id === id) ?? runOf("r4", {})),
    run_resolve: ({ id }) => {
      const run = runs.find((candidate) => candidate.id === id);
      if (run) Object.assign(run, { state: "done", outcome: "ok" });
      return detailOf(run ?? runOf(id, {}));
    },
  };
  return {
    async call(name, request) {
      const answer = answers[name] as ((asked: unknown) => unknown) | undefined;
      if (!answer) throw { kind: "bug", message: `The made-up engine can’t ${name}.`, hint: null };
      return structuredClone(answer(request)) as never;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pickFolder: async () => "/home/me/Documents",
    pickFile: async () => "/home/me/Documents/a.txt",
  };
}
