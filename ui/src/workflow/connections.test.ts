/** Connections: which fit, what they are called, and that secrets go their own way. */
import { expect, test } from "vitest";
import { CONNECTORS } from "../../dev/fakeHost";
import type { ConnectionSummary, ConnectionType, Field } from "../backend";
import { toCatalog } from "./catalog";
import { addressOf, fitting, kindOf, missing, split, suggestName, typesFor } from "./connections";

const field = (id: string, kind: Field["kind"], required = true): Field => ({
  id,
  kind,
  required,
  label: id,
  help: "",
  default: null,
  example: "",
  choices: [],
  suggest: "",
  advanced: false,
});
const TOKEN: ConnectionType = {
  id: "ticket",
  name: "Ticket",
  about: "",
  fields: [field("where", "url"), field("word", "secret"), field("old_word", "secret", false)],
};
const DOOR: ConnectionType = { ...TOKEN, id: "door", name: "Door" };
const catalog = toCatalog(
  CONNECTORS.map((connector, at) => (at === 0 ? { ...connector, connections: [TOKEN, DOOR] } : connector)),
);
const owner = CONNECTORS[0]?.id ?? "";

const connection = (name: string, kind: string, connector = owner): ConnectionSummary => ({
  id: name,
  name,
  connector,
  kind,
  fields: { where: "https://shelf.example.com/a" },
  state: "works",
  problem: null,
  checked: null,
  used_by: [],
  waiting: 0,
});

test("only connections of the right connector and kind fit", () => {
  const all = [connection("a", "ticket"), connection("b", "door"), connection("c", "ticket", "other")];
  const using = { connector: owner, types: ["ticket"], required: true };
  expect(fitting(all, using).map(({ name }) => name)).toEqual(["a"]);
  expect(fitting(all, { ...using, types: [] }).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(typesFor(catalog, using).map(({ type }) => type.id)).toEqual(["ticket"]);
});

test("a new connection is called after where it leads, and never like another", () => {
  const kind = kindOf(catalog, connection("a", "ticket"));
  if (!kind) throw new Error("the kind is known");
  expect(addressOf(kind, { where: "https://shelf.example.com/a" })).toBe("shelf.example.com");
  expect(suggestName(kind, {}, [])).toBe("Ticket");
  expect(suggestName(kind, {}, [connection("ticket", "ticket"), connection("Ticket 2", "ticket")])).toBe(
    "Ticket 3",
  );
});

test("secrets are apart from what is shown again, and empty ones are left out", () => {
  const filled = { where: "https://a", word: "hush", old_word: "" };
  expect(split(TOKEN.fields, filled)).toEqual({ fields: { where: "https://a" }, secrets: { word: "hush" } });
});

test("a kept secret needn't be given again, everything else must", () => {
  const ids = (filled: Record<string, unknown>, isNew: boolean) =>
    missing(TOKEN.fields, filled, isNew).map(({ id }) => id);
  expect(ids({ where: "https://a" }, true)).toEqual(["word"]);
  expect(ids({ where: "https://a" }, false)).toEqual([]);
  expect(ids({ where: "  " }, false)).toEqual(["where"]);
});
