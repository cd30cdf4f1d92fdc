/** A list that is searched by typing and walked with the arrows; Enter takes the marked one. */
import { Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { t } from "../../locales";

export type PickerItem = { key: string; testId: string; title: string; about: string; icon: ReactNode };
export type PickerGroup = { label: string; items: PickerItem[] };

export function PickerList({
  groups,
  onPick,
  searchTestId,
}: {
  groups: PickerGroup[];
  onPick: (key: string) => void;
  searchTestId: string;
}) {
  const [search, setSearch] = useState("");
  const [marked, setMarked] = useState(0);
  const id = useId();
  const found = fitting(groups, search);
  const items = found.flatMap((group) => group.items);
  const current = items[Math.min(marked, items.length - 1)];
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (Math.min(marked, items.length - 1) + step + items.length) % Math.max(items.length, 1);
      setMarked(next);
      document.getElementById(`${id}-${items[next]?.key}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && current) {
      event.preventDefault();
      onPick(current.key);
    }
  };
  return (
    <>
      <div className="search">
        <Search size={16} aria-hidden="true" />
        <input
          data-first
          className="bare"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current && `${id}-${current.key}`}
          aria-label={t("common.search")}
          placeholder={t("common.search")}
          data-testid={searchTestId}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setMarked(0);
          }}
          onKeyDown={walk}
        />
      </div>
      <div className="picker-list" role="listbox" id={`${id}-list`} aria-label={t("common.results")}>
        {items.length === 0 && <p className="muted picker-empty">{t("common.nothing_found")}</p>}
        {found.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset isn't allowed in a list box
          <div key={group.label} role="group" aria-label={group.label}>
            <div className="picker-group">{group.label}</div>
            {group.items.map((item) => (
              <button
                key={item.key}
                id={`${id}-${item.key}`}
                type="button"
                role="option"
                aria-selected={item === current}
                className="list-item"
                data-testid={item.testId}
                onClick={() => onPick(item.key)}
              >
                {item.icon}
                <span className="list-text">
                  <b>{item.title}</b>
                  <span className="muted">{item.about}</span>
                </span>
              </button>
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

export function fitting(groups: PickerGroup[], search: string): PickerGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      items: group.items.filter((item) => {
        const text = `${group.label} ${item.title} ${item.about}`.toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter((group) => group.items.length > 0);
}
