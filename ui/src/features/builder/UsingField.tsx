/** Which connection a step or trigger signs in with: those that fit, how they are, and a new one in place. */
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useCommand } from "../../app/queries";
import type { ConnectionSummary, Problem, Using } from "../../backend";
import { RequiredMark } from "../../components/AskInputs";
import { t } from "../../locales";
import { fitting, typesFor } from "../../workflow/connections";
import { ConnectionChip } from "../connections/ConnectionChip";
import { ConnectionDialog } from "../connections/ConnectionDialog";
import { useBuilder } from "./context";
import { ProblemLine } from "./FieldRow";

export function UsingField({
  at,
  using,
  chosen,
  problems,
}: {
  at: string;
  using: Using;
  chosen: string | undefined;
  problems: Problem[];
}) {
  const { catalog, edit } = useBuilder();
  const all = useCommand("connections_list", {});
  const [open, setOpen] = useState<"add" | ConnectionSummary | null>(null);
  const types = typesFor(catalog, using);
  // The only kind there is has a better name than "connection".
  const only = types.length === 1 ? types[0]?.type : undefined;
  if (types.length === 0) return null;
  const fit = fitting(all.data ?? [], using);
  const current = fit.find((connection) => connection.name === chosen);
  const choose = (name: string) => edit({ type: "set_using", at, name });
  return (
    <div className="field" data-testid="field-using">
      <div className="using-head">
        <label htmlFor="input-using">
          {only?.name ?? t("using.label")} {using.required && <RequiredMark />}
        </label>
        {current && <ConnectionChip connection={current} testId="using-state" />}
      </div>
      {fit.length > 0 || chosen ? (
        <select
          id="input-using"
          className="input"
          data-testid="input-using"
          aria-invalid={problems.length > 0}
          value={chosen ?? ""}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">
            {using.required ? t("using.choose") : only ? t("using.without") : t("using.none")}
          </option>
          {chosen && !current && <option value={chosen}>{t("using.gone", { name: chosen })}</option>}
          {fit.map((connection) => (
            <option key={connection.id} value={connection.name}>
              {connection.name}
            </option>
          ))}
        </select>
      ) : null}
      <div className="using-tools">
        <button
          id={fit.length > 0 || chosen ? undefined : "input-using"}
          type="button"
          className="button small"
          data-testid="using-add"
          onClick={() => setOpen("add")}
        >
          <Plus size={14} aria-hidden="true" />{" "}
          {only ? t("using.add_only", { kind: only.name.toLowerCase() }) : t("using.add")}
        </button>
        {current && (
          <button
            type="button"
            className="button quiet small"
            data-testid="using-replace"
            onClick={() => setOpen(current)}
          >
            <Pencil size={13} aria-hidden="true" /> {t("using.replace")}
          </button>
        )}
      </div>
      {current?.state === "broken" && <p className="problem">{current.problem}</p>}
      {!current && (
        <p className="help">{only?.about ?? (using.required ? t("using.help_required") : t("using.help"))}</p>
      )}
      {problems.map((problem) => (
        <ProblemLine key={problem.place + problem.message} problem={problem} testId="problem-using" />
      ))}
      {open && (
        <ConnectionDialog
          catalog={catalog}
          using={using}
          connection={open === "add" ? undefined : open}
          onClose={() => setOpen(null)}
          onDone={(connection) => {
            setOpen(null);
            choose(connection.name);
          }}
        />
      )}
    </div>
  );
}
