/** Values for fields by their kind, and how each kind is filled in on the screens. */
import assert from "node:assert/strict";
import { extname } from "node:path";

/** A value that fits the field, for step `number` (0: the trigger). */
export function valueFor(dice, workspace, field, number) {
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
  };
  assert.ok(makers[field.kind], `nobody told the tests how to fill in a field of the kind ${field.kind}`);
  return { value: makers[field.kind]() };
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
    choice: () => input.selectOption(value),
    folder: () => pickFolder(screen, field),
    record: () => fillRecord(screen, field, value),
    inputs: () => fillInputs(screen, field, value),
  };
  const typed = async () => {
    await input.fill(String(value));
    await input.blur();
  };
  await (fillers[field.kind] ?? typed)();
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
