/** How a long list is cut into pages, and what else each way needs to know. */
export const STYLES = ["next_link", "token", "page", "offset"] as const;
export type PagingStyle = (typeof STYLES)[number];

export type PagingPart = "from" | "send" | "size" | "items" | "most";
type Wanted = { part: PagingPart; required?: boolean; number?: boolean; example: string; rare?: boolean };

const COMMON: Wanted[] = [
  { part: "items", example: "data.orders", rare: true },
  { part: "most", number: true, example: "10000", rare: true },
];

export const PARTS: Record<PagingStyle, Wanted[]> = {
  next_link: [{ part: "from", example: "links.next" }, ...COMMON],
  token: [
    { part: "from", required: true, example: "meta.next_cursor" },
    { part: "send", example: "cursor" },
    ...COMMON,
  ],
  page: [
    { part: "send", example: "page" },
    { part: "size", number: true, example: "100" },
    { part: "from", number: true, example: "1", rare: true },
    ...COMMON,
  ],
  offset: [
    { part: "send", example: "offset" },
    { part: "size", number: true, example: "100" },
    { part: "from", number: true, example: "0", rare: true },
    ...COMMON,
  ],
};

export type Paging = { style?: string } & Partial<Record<PagingPart, unknown>>;

export function styleOf(value: unknown): PagingStyle | null {
  const style = (value as Paging | null | undefined)?.style;
  return STYLES.find((known) => known === style) ?? null;
}

/** Another way of cutting: keeps what both ways have in common. */
export function withStyle(value: unknown, style: PagingStyle): Paging {
  const { items, most } = (value ?? {}) as Paging;
  return withoutEmpty({ style, items, most });
}

export function withPart(value: unknown, part: PagingPart, text: string, isNumber: boolean): Paging {
  const given = isNumber && /^\d+$/.test(text) ? Number(text) : text;
  return withoutEmpty({ ...(value as Paging), [part]: given });
}

function withoutEmpty(paging: Paging): Paging {
  return Object.fromEntries(
    Object.entries(paging).filter(([, entry]) => entry !== undefined && entry !== ""),
  ) as Paging;
}
