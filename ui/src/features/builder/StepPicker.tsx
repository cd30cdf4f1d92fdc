/** What can start a workflow, or what can come next: by connector, found by typing. */
import type { ConnectorInfo } from "../../backend";
import { Dialog } from "../../components/Dialog";
import { KindTile, Tile } from "../../components/Tile";
import { t } from "../../locales";
import { OWN_KINDS } from "../../workflow/edit";
import { useBuilder } from "./context";
import { PickerList } from "./PickerList";

type Shown = { id: string; name: string; about: string };

function toGroups(connectors: ConnectorInfo[], list: (connector: ConnectorInfo) => Shown[]) {
  return connectors
    .filter((connector) => list(connector).length > 0)
    .map((connector) => ({
      label: connector.name,
      items: list(connector).map((info) => ({
        key: info.id,
        testId: `picker-item-${info.id}`,
        title: info.name,
        about: info.about,
        icon: <Tile connector={connector} />,
      })),
    }));
}

type Props = { onPick: (id: string) => void; onClose: () => void };

export function TriggerPicker({ onPick, onClose }: Props) {
  const { catalog } = useBuilder();
  const groups = toGroups(catalog.connectors, (connector) => connector.triggers);
  return (
    <Dialog title={t("builder.pick_trigger")} testId="picker" onClose={onClose} className="dialog-picker">
      <PickerList groups={groups} onPick={onPick} searchTestId="picker-search" />
    </Dialog>
  );
}

export function StepPicker({ onPick, onClose }: Props) {
  const { catalog } = useBuilder();
  const own = {
    label: t("builder.own_steps"),
    items: OWN_KINDS.map((kind) => ({
      key: kind,
      testId: `picker-item-${kind}`,
      title: t(`builder.kinds.${kind}`),
      about: t(`builder.kinds_about.${kind}`),
      icon: <KindTile step={{ id: "", [kind]: {} }} />,
    })),
  };
  const groups = [...toGroups(catalog.connectors, (connector) => connector.actions), own];
  return (
    <Dialog title={t("builder.pick_step")} testId="picker" onClose={onClose} className="dialog-picker">
      <PickerList groups={groups} onPick={onPick} searchTestId="picker-search" />
    </Dialog>
  );
}
