/** Connections as a person makes them on the screens. */
import { until } from "./wait.mjs";

const PASS_PHRASE = "a pass phrase for this test";

/** Chooses the pass phrase, or gives it, where the open form asks for one. */
export async function openVault(screen) {
  await until("secrets can be kept, or a pass phrase is asked for", async () => {
    const asks = await screen.at("pass-phrase").isVisible();
    return asks || ((await screen.at("connection-save").isVisible()) && (await canSave(screen)));
  });
  if (!(await screen.at("pass-phrase").isVisible())) return;
  await screen.at("pass-phrase").fill(PASS_PHRASE);
  const again = screen.at("pass-phrase-again");
  if (await again.isVisible()) await again.fill(PASS_PHRASE);
  await screen.click("vault-unlock");
  await screen.seesNot("pass-phrase");
}

const canSave = (screen) => screen.at("connection-save").isEnabled();

/** Fills in the open form and saves it; waits until it is closed unless the connection is refused. */
export async function saveConnection(screen, values) {
  for (const [field, value] of Object.entries(values)) {
    const input = screen.at(`connection-input-${field}`);
    const isChoice = await input.evaluate((element) => element.tagName === "SELECT");
    await (isChoice ? input.selectOption(value) : input.fill(value));
  }
  await openVault(screen);
  await screen.click("connection-save");
}

const FILLED_BY_ANY_WORD = ["text", "secret", "url", "choice"];

/** The kinds of connections that fit and can be made up from words alone. */
export function fittingTypes(connectors, using) {
  const connector = connectors.find(({ id }) => id === using.connector);
  return connector.connections.filter(
    ({ id, fields }) =>
      (using.types.length === 0 || using.types.includes(id)) &&
      fields.every(({ kind, required }) => !required || FILLED_BY_ANY_WORD.includes(kind)),
  );
}

/** A value for each required field of a kind of connection that leads to this address. */
export function drawConnection(dice, type, address) {
  const makers = {
    text: () => `X-${dice.word()}`,
    secret: () => dice.word(),
    url: () => address,
    choice: (field) => dice.oneOf(field.choices).value,
  };
  const required = type.fields.filter((field) => field.required);
  return Object.fromEntries(required.map((field) => [field.id, makers[field.kind](field)]));
}
