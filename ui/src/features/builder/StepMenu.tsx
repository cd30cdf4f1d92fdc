/** What can be done with a step as a whole. */
import { ArrowDown, ArrowUp, Copy, Ellipsis, EyeOff, Trash2 } from "lucide-react";
import { showToast } from "../../app/toasts";
import type { Step } from "../../backend";
import { Menu, MenuItem } from "../../components/Menu";
import { t } from "../../locales";
import { apply, type Edit, TRIGGER } from "../../workflow/edit";
import { usersOf } from "../../workflow/references";
import { useBuilder } from "./context";
import { placeText } from "./sentences";

export function StepMenu({
  step,
  index,
  onSelect,
}: {
  step: Step;
  index: number;
  onSelect: (id: string | null) => void;
}) {
  const { catalog, document, edit } = useBuilder();
  const { id } = step;
  const remove = () => {
    const removal: Edit = { type: "remove_step", id };
    edit(removal);
    onSelect(document.steps[index - 1]?.id ?? TRIGGER);
    const left = apply(document, removal);
    const users = usersOf(left, id).map((user) => placeText(catalog, left, user.id));
    if (users.length > 0) showToast({ text: t("builder.deleted_used", { users: users.join(", ") }) });
  };
  return (
    <Menu label={t("builder.step_menu")} testId="step-menu" icon={<Ellipsis size={18} />}>
      <MenuItem
        testId="step-up"
        icon={<ArrowUp size={15} />}
        disabled={index === 0}
        onSelect={() => edit({ type: "move_step", id, by: -1 })}
      >
        {t("builder.move_up")}
      </MenuItem>
      <MenuItem
        testId="step-down"
        icon={<ArrowDown size={15} />}
        disabled={index === document.steps.length - 1}
        onSelect={() => edit({ type: "move_step", id, by: 1 })}
      >
        {t("builder.move_down")}
      </MenuItem>
      <MenuItem
        testId="step-duplicate"
        icon={<Copy size={15} />}
        onSelect={() => edit({ type: "duplicate_step", id })}
      >
        {t("builder.duplicate")}
      </MenuItem>
      <MenuItem
        testId="step-disable"
        icon={<EyeOff size={15} />}
        onSelect={() =>
          edit({ type: "change_step", id, change: { disabled: step.disabled ? undefined : true } })
        }
      >
        {step.disabled ? t("builder.enable_step") : t("builder.disable_step")}
      </MenuItem>
      <MenuItem testId="step-delete" icon={<Trash2 size={15} />} onSelect={remove}>
        {t("builder.delete_step")}
      </MenuItem>
    </Menu>
  );
}
