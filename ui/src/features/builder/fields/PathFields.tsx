/** Places on disk: picked in a dialog, typed, or (files and destinations) made of values. */
import { FileSearch, FolderOpen } from "lucide-react";
import type { ReactNode } from "react";
import { canPickFiles, pickFile, pickFolder } from "../../../backend";
import { t } from "../../../locales";
import { inFolder, shortPath } from "../../../workflow/references";
import { useBuilder } from "../context";
import { PlainBox } from "./PlainBox";
import { fromField, WithPills } from "./TextFields";
import { asText, type FieldProps } from "./types";

export function FolderField(props: FieldProps) {
  const { field, onChange } = props;
  const pick = usePicker(pickFolder, onChange);
  return (
    <div className="with-buttons">
      <PlainBox {...props} />
      <span className="field-tools">
        <PickButton id={field.id} label={t("builder.pick_folder")} onPick={pick}>
          <FolderOpen size={15} aria-hidden="true" />
        </PickButton>
      </span>
    </div>
  );
}

export function FileField(props: FieldProps) {
  const pick = usePicker(pickFile, props.onChange);
  return (
    <WithPills {...fromField(props)} onChange={props.onChange}>
      {canPickFiles() && (
        <PickButton id={props.field.id} label={t("builder.pick_file")} onPick={pick}>
          <FileSearch size={15} aria-hidden="true" />
        </PickButton>
      )}
    </WithPills>
  );
}

export function DestinationField(props: FieldProps) {
  const pick = usePicker(pickFolder, (folder) => props.onChange(inFolder(folder, asText(props.value))));
  return (
    <WithPills {...fromField(props)} onChange={props.onChange}>
      <PickButton id={props.field.id} label={t("builder.pick_folder")} onPick={pick}>
        <FolderOpen size={15} aria-hidden="true" />
      </PickButton>
    </WithPills>
  );
}

function usePicker(dialog: () => Promise<string | null>, onPick: (path: string) => void) {
  const { home } = useBuilder();
  return async () => {
    const path = await dialog();
    if (path !== null) onPick(shortPath(path, home));
  };
}

function PickButton({
  id,
  label,
  onPick,
  children,
}: {
  id: string;
  label: string;
  onPick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="button square"
      data-testid={`pick-${id}`}
      aria-label={label}
      title={label}
      onClick={onPick}
    >
      {children}
    </button>
  );
}
