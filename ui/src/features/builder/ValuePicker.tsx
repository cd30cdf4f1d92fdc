/** Every value that can be inserted here, by where it comes from, with what it is in the example. */
import { CalendarDays } from "lucide-react";
import { Dialog } from "../../components/Dialog";
import { Tile } from "../../components/Tile";
import { t } from "../../locales";
import { sampleText, type ValueGroup } from "../../workflow/values";
import { PickerList } from "./PickerList";

export function ValuePicker({
  groups,
  onPick,
  onClose,
}: {
  groups: ValueGroup[];
  onPick: (expression: string) => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={t("values.insert")} testId="value-picker" onClose={onClose} className="dialog-picker">
      <PickerList
        searchTestId="value-search"
        onPick={onPick}
        groups={groups.map((group) => ({
          label: group.label,
          items: group.values.map((value) => ({
            key: value.expression,
            testId: `insert-value-${value.expression}`,
            title: value.label,
            about: sampleText(value.sample),
            icon: group.connector ? <Tile connector={group.connector} /> : <PlainTile />,
          })),
        }))}
      />
    </Dialog>
  );
}

function PlainTile() {
  return (
    <span className="tile tile-own" aria-hidden="true">
      <CalendarDays size={16} />
    </span>
  );
}
