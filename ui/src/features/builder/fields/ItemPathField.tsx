/** Where something stands in an answer. A trigger that asks for a list shows a real answer to choose from. */
import { ListTree } from "lucide-react";
import { t } from "../../../locales";
import { triggerOf } from "../../../workflow/catalog";
import { TRIGGER } from "../../../workflow/edit";
import { useBuilder } from "../context";
import { type LookState, useLook } from "../useLook";
import { PlainBox } from "./PlainBox";
import { asText, type FieldProps } from "./types";

export function ItemPathField(props: FieldProps) {
  const { catalog, document } = useBuilder();
  const trigger = props.at === TRIGGER ? triggerOf(catalog, document)?.info : undefined;
  const paths = trigger?.fields.filter((field) => field.kind === "item_path") ?? [];
  const place = paths.findIndex((field) => field.id === props.field.id);
  if (trigger?.source !== "poll" || place < 0) return <PathBox {...props} />;
  return <Looked {...props} role={ROLES[place]} />;
}

/** A trigger that polls asks for these three, in this order. */
const ROLES = ["list", "key", "newest"] as const;

function PathBox(props: FieldProps) {
  return <PlainBox {...props} spellCheck={false} />;
}

function Looked({ role, ...props }: FieldProps & { role: (typeof ROLES)[number] | undefined }) {
  const look = useLook();
  return (
    <>
      {role === ROLES[0] && <LookButton look={look} />}
      <PathBox {...props} />
      {role === ROLES[0] ? (
        <Lists {...props} look={look} />
      ) : (
        <Candidates {...props} look={look} role={role} />
      )}
    </>
  );
}

function LookButton({ look }: { look: LookState }) {
  return (
    <button
      type="button"
      className="button small look-button"
      data-testid="look"
      disabled={look.busy}
      onClick={look.now}
    >
      <ListTree size={14} aria-hidden="true" /> {look.busy ? t("look.busy") : t("look.now")}
    </button>
  );
}

function Lists({ field, value, onChange, look }: FieldProps & { look: LookState }) {
  if (look.problem) {
    return (
      <p className="problem" role="alert" data-testid="look-problem">
        {look.problem}
      </p>
    );
  }
  if (!look.found) return null;
  if (look.found.lists.length === 0) return <p className="problem">{t("look.no_list")}</p>;
  return (
    <>
      <p className="help">{t("look.choose_list")}</p>
      <fieldset className="found-lists" aria-label={field.label}>
        {look.found.lists.map((list, index) => (
          <button
            key={list.path}
            type="button"
            className="found-list"
            aria-pressed={asText(value) === list.path}
            data-testid={`found-list-${index}`}
            onClick={() => onChange(list.path)}
          >
            <b>{list.path || t("look.whole")}</b>
            <span className="muted">{t("look.items", { count: list.count })}</span>
          </button>
        ))}
      </fieldset>
      <details className="answer">
        <summary data-testid="look-answer">{t("look.answer")}</summary>
        <pre>{JSON.stringify(look.found.sample, null, 2)}</pre>
      </details>
    </>
  );
}

function Candidates({
  field,
  value,
  onChange,
  look,
  role,
}: FieldProps & { look: LookState; role: (typeof ROLES)[number] | undefined }) {
  const list = look.list;
  const names = role === ROLES[1] ? list?.keys : list?.newest;
  if (!names || names.length === 0) return null;
  return (
    <div className="day-chips">
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className="day-chip wide"
          aria-pressed={asText(value) === name}
          data-testid={`candidate-${field.id}-${name}`}
          onClick={() => onChange(asText(value) === name ? "" : name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
