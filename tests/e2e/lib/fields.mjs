/** Values for fields by their kind, and how each kind is filled in on the screens. */
import assert from "node:assert/strict";
import { extname } from "node:path";

/** What a list that is asked for looks like: where it stands, what tells its items apart, their time. */
export const LIST = { path: "data.things", places: ["data.things", "id", "made"] };

/** Values that could fit the field, for step `number` (0: the trigger), the first one first. */
export function valuesFor(dice, { workspace, service, info }, field, number) {
  const alike = info.fields.filter(({ kind }) => kind === field.kind);
  const nth = alike.findIndex(({ id }) => id === field.id);
  const record = () => ({ [dice.word()]: dice.word(), [`${dice.word()}2`]: dice.below(100) });
  const makers = {
    text: () => dice.word(),
    long_text: () => `${dice.word()} ${dice.word()}`,
    number: () => 1 + dice.below(50),
    yes_no: () => dice.below(2) === 0,
    choice: () => dice.oneOf(field.choices).value,
    folder: () => "~/Watched",
    file: () => givenFile(workspace, number),
    destination: () => place(dice, field, number),
    patterns: () => "*.txt",
    record: () => ({ [dice.word()]: dice.word(), [`${dice.word()}2`]: dice.word() }),
    inputs: () => [{ name: dice.word(), kind: "text", required: true }],
    duration: () => (info.source === "poll" ? "1s" : field.example),
    time: () => "08:30",
    days: () => dice.oneOf([["monday"], ["tuesday", "friday"], [1, 15, "last"]]),
    cron: () => "30 8 * * 1-5",
    time_zone: () => dice.oneOf(["Europe/Berlin", "Asia/Tokyo"]),
    url: () => `${service.address}/${dice.word()}`,
    list: () => field.example,
    item_path: () => LIST.places[nth],
    paging: () => ({ style: "next_link", items: LIST.path }),
  };
  if (field.kind === "json") return mixed(dice, [dice.word(), record(), [record()]]);
  assert.ok(makers[field.kind], `nobody told the tests how to fill in a field of the kind ${field.kind}`);
  return [makers[field.kind]()];
}

function mixed(dice, values) {
  const from = dice.below(values.length);
  return [...values.slice(from), ...values.slice(0, from)];
}

/** A file that is there, for this step alone. */
function givenFile(workspace, number) {
  workspace.write(`Given/step ${number}.txt`, `for step ${number}`);
  return `~/Given/step ${number}.txt`;
}

/** A folder or a file, as the field's own example is. */
function place(dice, field, number) {
  const isFolder = field.example.endsWith("/") || extname(field.example) === "";
  const name = `~/Out/${dice.word()} ${number}`;
  return isFolder ? `${name}/` : `${name}${extname(field.example)}`;
}

/** Fills the field on the open panel. */
export async function fillField(screen, field, value) {
  const input = screen.at(`input-${field.id}`);
  const fillers = {
    yes_no: () => setSwitch(input, value),
    choice: () => choose(screen, field, value),
    folder: () => pickFolder(screen, field),
    record: () => fillRecord(screen, field, value),
    inputs: () => fillInputs(screen, field, value),
    duration: () => fillDuration(screen, field, value),
    days: () => chooseDays(screen, field, value),
    time_zone: () => chooseZone(screen, field, value),
    json: () => fillJson(screen, field.id, `input-${field.id}`, value),
    paging: () => fillPaging(screen, field, value),
  };
  const typed = async () => {
    await input.fill(String(value));
    await input.blur();
  };
  await (fillers[field.kind] ?? typed)();
}

/** Choices that are sentences are all there to be clicked. */
async function choose(screen, field, value) {
  const sentence = screen.at(`choice-${field.id}-${value}`);
  if (await sentence.isVisible()) await sentence.check();
  else await screen.at(`input-${field.id}`).selectOption(value);
}

async function setSwitch(input, value) {
  if ((await input.getAttribute("aria-checked")) !== String(value)) await input.click();
  // An untouched switch leaves the field out; both ways round it must end up in the document.
  else {
    await input.click();
    await input.click();
  }
}

async function pickFolder(screen, field) {
  await screen.click(`pick-${field.id}`);
  await screen.chooseFolder("Watched");
}

async function fillRecord(screen, field, value) {
  for (const [position, [key, text]] of Object.entries(value).entries()) {
    const keyBox = screen.at(`record-${field.id}-key-${position}`);
    if (!(await keyBox.isVisible())) await screen.click(`record-${field.id}-add`);
    await keyBox.fill(key);
    await screen.at(`record-${field.id}-value-${position}`).fill(text);
  }
}

async function fillInputs(screen, field, value) {
  for (const [position, { name, kind }] of value.entries()) {
    const nameBox = screen.at(`inputs-${field.id}-name-${position}`);
    if (!(await nameBox.isVisible())) await screen.click(`inputs-${field.id}-add`);
    await nameBox.fill(name);
    await screen.at(`inputs-${field.id}-kind-${position}`).selectOption(kind);
    await screen.at(`inputs-${field.id}-required-${position}`).check();
  }
}

async function fillDuration(screen, field, value) {
  const [, amount, unit] = /^(\d+)(\w)$/.exec(value);
  await screen.at(`unit-${field.id}`).selectOption(unit);
  await screen.at(`input-${field.id}`).fill(amount);
}

async function chooseDays(screen, field, days) {
  const isMonth = days.every((day) => typeof day === "number" || day === "last");
  await screen.at(`input-${field.id}`).selectOption(isMonth ? "month" : "week");
  for (const day of days) await screen.click(`day-${field.id}-${day}`);
}

async function chooseZone(screen, field, zone) {
  await screen.click(`input-${field.id}`);
  await screen.at("zone-search").fill(zone.split("/").pop());
  await screen.click(`zone-${zone}`);
  await screen.seesNot("zone-picker");
}

async function fillJson(screen, name, inputId, value) {
  const kind = screen.at(`kind-${name}`);
  const inner = (position) => [`${name}-${position}`, `json-${name}-value-${position}`];
  if (Array.isArray(value)) {
    await kind.selectOption("list");
    for (const [position, item] of value.entries()) {
      if (!(await screen.at(`kind-${name}-${position}`).isVisible())) await screen.click(`json-${name}-add`);
      await fillJson(screen, ...inner(position), item);
    }
  } else if (typeof value === "object") {
    await kind.selectOption("record");
    for (const [position, [key, entry]] of Object.entries(value).entries()) {
      await screen.click(`json-${name}-add`);
      await screen.at(`json-${name}-key-${position}`).fill(key);
      await fillJson(screen, ...inner(position), entry);
    }
  } else {
    await kind.selectOption(typeof value === "number" ? "number" : "text");
    await screen.at(inputId).fill(String(value));
    await screen.at(inputId).blur();
  }
}

async function fillPaging(screen, field, { style, items }) {
  await screen.at(`input-${field.id}`).selectOption(style);
  await screen.click(`paging-${field.id}-more`);
  await screen.at(`paging-${field.id}-items`).fill(items);
}
