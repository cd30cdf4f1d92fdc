/** A small menu behind a button. */
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

export function Menu({
  label,
  testId,
  icon,
  children,
}: {
  label: string;
  testId: string;
  icon: ReactNode;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button" aria-label={label} data-testid={testId}>
        {icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  testId,
  icon,
  onSelect,
  disabled,
  children,
}: {
  testId: string;
  icon: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item className="menu-item" data-testid={testId} disabled={disabled} onSelect={onSelect}>
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}
