/** Which connections fit where, and what the kinds of connections are called. */
import type { ConnectionSummary, ConnectionType, ConnectorInfo, Field, Using } from "../backend";
import type { Catalog } from "./catalog";

export type KindOf = { connector: ConnectorInfo; type: ConnectionType };

/** All kinds of connections; with `using`, those that fit there. */
export function typesFor(catalog: Catalog, using?: Using): KindOf[] {
  return catalog.connectors.flatMap((connector) =>
    connector.connections
      .filter((type) => !using || fits(using, connector.id, type.id))
      .map((type) => ({ connector, type })),
  );
}

export function fitting(connections: ConnectionSummary[], using: Using): ConnectionSummary[] {
  return connections.filter((connection) => fits(using, connection.connector, connection.kind));
}

function fits(using: Using, connector: string, type: string): boolean {
  return using.connector === connector && (using.types.length === 0 || using.types.includes(type));
}

export function kindOf(catalog: Catalog, connection: ConnectionSummary): KindOf | undefined {
  return typesFor(catalog).find(
    ({ connector, type }) => connector.id === connection.connector && type.id === connection.kind,
  );
}

/** Where a connection leads: the first address in it. */
export function addressOf(kind: KindOf | undefined, filled: Record<string, unknown>): string {
  const field = kind?.type.fields.find((candidate) => candidate.kind === "url");
  return field ? hostOf(String(filled[field.id] ?? "")) : "";
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

/** A name nobody has yet, after where it leads or what it is. */
export function suggestName(
  kind: KindOf,
  filled: Record<string, unknown>,
  taken: ConnectionSummary[],
): string {
  const base = addressOf(kind, filled) || kind.type.name;
  const names = new Set(taken.map((connection) => connection.name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!names.has(name.toLowerCase())) return name;
  }
}

/** What a form holds, apart: secrets are sealed, the rest is shown again. Empty ones are left out. */
export function split(fields: Field[], filled: Record<string, unknown>) {
  const given = Object.entries(filled).filter(([, value]) => value !== undefined && value !== "");
  const isSecret = (id: string) => fields.some((field) => field.id === id && field.kind === "secret");
  return {
    fields: Object.fromEntries(given.filter(([id]) => !isSecret(id))),
    secrets: Object.fromEntries(
      given.filter(([id]) => isSecret(id)).map(([id, value]): [string, string] => [id, String(value)]),
    ),
  };
}

/** What must still be filled in. Secrets that are kept already may stay empty. */
export function missing(fields: Field[], filled: Record<string, unknown>, isNew: boolean): Field[] {
  return fields.filter(
    (field) =>
      field.required &&
      (isNew || field.kind !== "secret") &&
      String(filled[field.id] ?? field.default ?? "").trim() === "",
  );
}

export function kindName(catalog: Catalog, using: Using, id: string): string {
  return typesFor(catalog, using).find(({ type }) => type.id === id)?.type.name ?? id;
}

export function isBroken({ state }: ConnectionSummary): boolean {
  return state === "broken";
}
