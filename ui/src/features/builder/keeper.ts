/**
 * Keeps one draft: sends it shortly after each edit, one save at a time and always the newest. It outlives
 * the page it was edited on, and what it couldn't send yet outlives a reload.
 */
import { queries, showFailure, told } from "../../app/queries";
import { callOnLeaving, type Problem, toFailure, type Workflow, type WorkflowDetail } from "../../backend";
import { t } from "../../locales";
import { isSame } from "../../workflow/same";

const KEEP_AFTER_MS = 350;
const TRY_AGAIN_MS = 1500;

/** What of a draft isn't kept yet, and what it is based on. */
export type Unkept = { revision: number; kept: Workflow; wanted: Workflow };

/** What the engine says of the kept draft; null until it has said something new. */
export type Checked = { problems: Problem[]; hasChanges: boolean };

export type Keeping = {
  kept: Workflow;
  checked: Checked | null;
  /** What somebody else made of the workflow while something here wasn't kept: a person decides. */
  other: WorkflowDetail | null;
};

/** Where what isn't kept waits; `null`: nothing does. */
export type Memory = (id: string, unkept: Unkept | null) => void;

/** Hears of a draft to be shown instead of the present one. */
type OnTaken = (document: Workflow, isNew: boolean) => void;

export class Keeper {
  private wanted: Workflow;
  private sent: Workflow | null = null;
  private state: Keeping;
  private revision: number;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private held: Promise<unknown> | null = null;
  private seen: WorkflowDetail | null = null;
  private onTaken: OnTaken | null = null;
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly id: string,
    { revision, kept, wanted }: Unkept,
    private readonly remember: Memory,
  ) {
    this.wanted = wanted;
    this.revision = revision;
    this.state = { kept, checked: null, other: null };
  }

  get = () => this.state;

  subscribe = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  get document() {
    return this.wanted;
  }

  get isUnkept() {
    return this.wanted !== this.state.kept;
  }

  get isShown() {
    return this.onTaken !== null;
  }

  show(onTaken: OnTaken) {
    this.onTaken = onTaken;
    return () => {
      this.onTaken = null;
      this.tryFlush();
    };
  }

  wants(document: Workflow) {
    if (document === this.wanted) return;
    this.wanted = document;
    this.note();
    clearTimeout(this.timer);
    if (this.isUnkept) this.timer = setTimeout(this.tryFlush, KEEP_AFTER_MS);
    else this.takeOther();
  }

  /** Tries in the background, again and again while that may help. */
  tryFlush = () => {
    if (!this.state.other) this.flush().catch((error: unknown) => this.failed(error));
  };

  /** Whoever asks while drafts are being sent waits for the same round. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
      this.lookAtSeen();
    });
    return this.sending;
  }

  /** Does what changes the draft in the engine too; nothing is sent meanwhile. */
  async alone(work: () => Promise<WorkflowDetail>): Promise<WorkflowDetail> {
    await this.flush();
    const working = work();
    this.held = working.catch(() => {});
    try {
      const after = await working;
      this.seen = after;
      return after;
    } finally {
      this.held = null;
      this.lookAtSeen();
    }
  }

  /** The workflow as the engine has it now, maybe changed by somebody else. */
  saw(detail: WorkflowDetail) {
    if (this.sending || this.held) this.seen = detail;
    else if (detail.revision > this.revision) this.compare(detail);
  }

  takeOther() {
    if (this.state.other) this.takeOver(this.state.other);
  }

  keepMine() {
    if (!this.state.other) return;
    this.revision = this.state.other.revision;
    this.set({ other: null });
    this.tryFlush();
  }

  /** The page goes: what isn't kept goes out without waiting for an answer. */
  leave() {
    if (!this.isUnkept || this.state.other) return;
    const revision = this.revision + (this.sending ? 1 : 0);
    callOnLeaving("workflow_save", { id: this.id, document: this.wanted, revision });
  }

  private async sendAll() {
    await this.held;
    while (this.isUnkept) {
      if (this.state.other) throw decideFirst(this.wanted.name);
      await this.send(this.wanted).catch((error: unknown) => this.refused(error));
    }
  }

  private async send(document: Workflow) {
    this.sent = document;
    const { id, revision } = this;
    const saved = await told("workflow_save", { id, document, revision });
    this.revision = saved.revision;
    const checked = { problems: saved.problems, hasChanges: saved.has_changes };
    this.set({ kept: document, checked });
    queries.removeQueries({ queryKey: ["workflow_get", { id }], type: "inactive" });
  }

  /** A save whose answer got lost is refused the next time, although nobody else changed anything. */
  private async refused(error: unknown) {
    if (toFailure(error).kind !== "conflict") throw error;
    const now = await told("workflow_get", { id: this.id });
    if (!this.isBasedOn(now)) this.set({ other: now });
  }

  private failed(error: unknown) {
    const { kind } = toFailure(error);
    if (kind === "not_found" && !this.isShown) return this.remember(this.id, null);
    if (kind !== "conflict" || !this.isShown) showFailure(error);
    const mayHelp = kind === "engine_gone" || kind === "bug";
    if (mayHelp) this.timer = setTimeout(this.tryFlush, TRY_AGAIN_MS);
  }

  private compare(detail: WorkflowDetail) {
    if (!this.isUnkept) this.takeOver(detail);
    else if (this.isBasedOn(detail)) this.tryFlush();
    else this.set({ other: detail });
  }

  /** Whether the engine's draft is one of this page; then that is what it is based on. */
  private isBasedOn({ draft, revision }: WorkflowDetail): boolean {
    const known = [this.wanted, this.sent, this.state.kept];
    const kept = known.find((document) => document && isSame(document, draft));
    if (!kept) return false;
    this.revision = revision;
    this.set({ kept, other: null });
    return true;
  }

  private takeOver({ draft, revision, problems, has_changes }: WorkflowDetail) {
    const isNew = !isSame(draft, this.wanted);
    clearTimeout(this.timer);
    this.revision = revision;
    this.wanted = draft;
    this.set({ kept: draft, checked: { problems, hasChanges: has_changes }, other: null });
    this.onTaken?.(draft, isNew);
  }

  private lookAtSeen() {
    const { seen } = this;
    this.seen = null;
    if (seen) this.saw(seen);
  }

  private set(change: Partial<Keeping>) {
    this.state = { ...this.state, ...change };
    this.note();
    for (const watcher of this.watchers) watcher();
  }

  private note() {
    const { revision, wanted } = this;
    this.remember(this.id, this.isUnkept ? { revision, kept: this.state.kept, wanted } : null);
  }
}

function decideFirst(name: string) {
  const [message, hint] = [t("other.decide", { name }), t("other.decide_how")];
  return { kind: "conflict", message, hint } as const;
}
