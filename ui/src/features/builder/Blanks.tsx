/** What a template leaves to fill in, as buttons: one click each opens the right dialog or field. */
import { FolderOpen, PenLine } from "lucide-react";
import { focusSoon } from "../../app/focus";
import type { Field, Workflow } from "../../backend";
import { pickFolder } from "../../backend";
import { t } from "../../locales";
import { actionOf, type Catalog, triggerOf } from "../../workflow/catalog";
import { TRIGGER } from "../../workflow/edit";
import { beginsWithFolder, inFolder, isExampleAddress, shortPath } from "../../workflow/references";
import { valueText } from "../../workflow/sentence";
import { useBuilder } from "./context";
import { asText } from "./fields/types";
import { labelsFor } from "./sentences";

export type Blank = { place: string; at: string; field: Field; value: unknown };

export function blanksOf(catalog: Catalog, document: Workflow): Blank[] {
  return (document.template?.blanks ?? []).flatMap((place) => {
    const [start = "", end = ""] = place.split(".with.");
    const step = document.steps.find((candidate) => `steps.${candidate.id}` === start);
    const fields =
      start === "trigger"
        ? triggerOf(catalog, document)?.info.fields
        : step && actionOf(catalog, step)?.info.fields;
    const field = fields?.find((candidate) => candidate.id === end);
    const filled = start === "trigger" ? document.trigger?.with : step?.with;
    return field ? [{ place, at: step?.id ?? TRIGGER, field, value: filled?.[end] }] : [];
  });
}

/** Whether a blank has nothing that would do, so that switching on must wait. */
export function isOpen({ field, value }: Blank): boolean {
  const text = asText(value);
  if (field.kind === "url") return text === "" || isExampleAddress(text);
  return text === "" || (field.kind === "destination" && !beginsWithFolder(text));
}

export function Blanks({ onSelect }: { onSelect: (id: string, field?: string) => void }) {
  const { document, catalog, home, edit } = useBuilder();
  const blanks = blanksOf(catalog, document);
  if (blanks.length === 0) return null;
  const labelOf = labelsFor(catalog, document, document.steps.length);
  const fill = async ({ at, field, value }: Blank) => {
    if (field.kind !== "folder" && field.kind !== "destination") return onSelect(at, field.id);
    onSelect(at);
    const picked = await pickFolder();
    if (picked === null) return;
    const folder = shortPath(picked, home);
    const next = field.kind === "folder" ? folder : inFolder(folder, asText(value));
    edit({ type: "set_field", at, field: field.id, value: next });
    focusSoon(".blanks button", "[data-testid=switch-on]:enabled", "[data-testid=try-it]");
  };
  return (
    <section className="blanks" data-testid="blanks" aria-label={t("blanks.title")}>
      <b>{blanks.some(isOpen) ? t("blanks.title") : t("blanks.check")}</b>
      {blanks.map((blank) => {
        const isPath = blank.field.kind === "folder" || blank.field.kind === "destination";
        const label = blank.field.label;
        const value = valueText(blank.field, blank.value, labelOf);
        return (
          <button
            key={blank.place}
            type="button"
            className="button"
            data-testid={`blank-${blank.place}`}
            onClick={() => void fill(blank)}
          >
            {isPath ? <FolderOpen size={15} aria-hidden="true" /> : <PenLine size={15} aria-hidden="true" />}
            {isOpen(blank)
              ? t(isPath ? "blanks.choose" : "blanks.fill", { label })
              : t("blanks.change", { label, value })}
          </button>
        );
      })}
    </section>
  );
}
