/** A browser page on the engine's screens, found by test ids; its own faults fail the test. */
import { join } from "node:path";

import { chromium as playwright } from "playwright-core";

import { chromium, RESULTS } from "./paths.mjs";
import { until } from "./wait.mjs";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const SIZE = { width: 1280, height: 800 };

/** Opens an address. When the test ends, nothing may have gone wrong in the page. */
export async function openPage({ atEnd }, address, { dark = false } = {}) {
  const browser = await playwright.launch({ executablePath: chromium(), args: FLAGS });
  atEnd(() => browser.close());
  const colorScheme = dark ? "dark" : "light";
  const page = await browser.newPage({ viewport: SIZE, colorScheme, reducedMotion: "reduce" });
  page.setDefaultTimeout(15_000);
  const screen = new Screen(page);
  await page.goto(address);
  return screen;
}

export class Screen {
  constructor(page) {
    this.page = page;
    this.faults = [];
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("console", (message) => {
      // The browser itself reports a connection that broke when an engine was killed on purpose.
      const isNetwork = message.text().includes("net::ERR");
      if (message.type() === "error" && !isNetwork) this.faults.push(message.text());
    });
  }

  /** The element with this test id. */
  at(id) {
    return this.page.locator(`[data-testid="${id}"]`);
  }

  /** The elements whose test id begins so. */
  like(beginning) {
    return this.page.locator(`[data-testid^="${beginning}"]`);
  }

  async click(id) {
    await this.at(id).first().click();
  }

  async sees(id) {
    await this.at(id).first().waitFor();
  }

  async seesNot(id) {
    await this.at(id).first().waitFor({ state: "hidden" });
  }

  async text(id) {
    return (await this.at(id).first().textContent()) ?? "";
  }

  /** Goes to a screen by its route, such as `/activity`. */
  async go(route) {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, `#${route}`);
  }

  /** Moves the focus with the Tab key until it is on this element. */
  async tabTo(id) {
    for (let presses = 0; presses < 150; presses += 1) {
      const focused = await this.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
      if (focused === id) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`the Tab key never reaches ${id}`);
  }

  /** Does with the keyboard what a click would do. */
  async press(id) {
    await this.sees(id);
    await this.tabTo(id);
    await this.page.keyboard.press("Enter");
  }

  async picture(name) {
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: join(RESULTS, `${name}.png`) });
  }

  /** What is wrong with any screen, whatever it shows. */
  async isSound(name) {
    const wrong = await this.page.evaluate(() => {
      const nameless = [
        ...document.querySelectorAll("button, a, [role=switch], [role=textbox], input, select"),
      ]
        .filter((element) => element.checkVisibility())
        .filter((element) => !accessibleName(element))
        .map((element) => `no name: ${element.outerHTML.slice(0, 120)}`);
      const tooWide = document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : [];
      return [...nameless, ...tooWide];

      function accessibleName(element) {
        const labels = (element.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
        const texts = [...labels.map((id) => document.getElementById(id)), ...(element.labels ?? [])];
        const described = [element.getAttribute("aria-label"), element.title, element.textContent];
        return [...described, ...texts.map((label) => label?.textContent)].some((text) => text?.trim());
      }
    });
    this.hasNoFaults(name, wrong);
  }

  hasNoFaults(name, more = []) {
    const wrong = [...this.faults, ...more];
    if (wrong.length > 0) throw new Error(`${name}: ${wrong.join("\n")}`);
  }

  /** Chooses a folder below home in the dialog that the engine serves. */
  async chooseFolder(name, act = (id) => this.click(id)) {
    await this.sees("folder-dialog");
    for (const part of name.split("/")) {
      await act(`folder-item-${part}`);
      await until(`the dialog shows ${part}`, async () => (await this.text("folder-path")).includes(part));
    }
    await act("folder-choose");
    await this.seesNot("folder-dialog");
  }
}
