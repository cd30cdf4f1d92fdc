/** Every colour that text has can be read on every ground it stands on, in both themes. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const READABLE = 4.5;
const PLAIN = ["bg", "panel", "sunken"];
const TINTED = ["accent-soft", "good-soft", "warn-soft", "bad-soft"];

/** Which grounds each colour of text stands on. */
const GROUNDS: Record<string, string[]> = {
  text: [...PLAIN, ...TINTED],
  soft: [...PLAIN, ...TINTED],
  faint: [...PLAIN, ...TINTED],
  "accent-ink": [...PLAIN, "accent-soft"],
  good: [...PLAIN, "good-soft"],
  warn: [...PLAIN, "warn-soft"],
  bad: [...PLAIN, "bad-soft"],
  "on-accent": ["accent"],
};

const css = readFileSync(new URL("./tokens.css", `file://${__dirname}/`), "utf8");
const blocks = [...css.matchAll(/(:root[^{]*)\{([^}]*)\}/g)].map(([, selector = "", body = ""]) => ({
  selector: selector.trim(),
  tokens: Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]),
  ),
}));
const tokensOf = (selector: string): Record<string, string> =>
  blocks.find((block) => block.selector === selector)?.tokens ?? {};
const THEMES = {
  light: tokensOf(":root"),
  dark: tokensOf(':root[data-theme="dark"]'),
};

/** Relative luminance as WCAG 2 has it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

for (const [theme, tokens] of Object.entries(THEMES)) {
  test(`text can be read on every ground of the ${theme} theme`, () => {
    const tooFaint = Object.entries(GROUNDS).flatMap(([text, grounds]) =>
      grounds
        .map((ground) => ({
          pair: `${text} on ${ground}`,
          is: contrast(tokens[text] ?? "", tokens[ground] ?? ""),
        }))
        .filter(({ is }) => !(is >= READABLE)),
    );
    expect(tooFaint).toEqual([]);
  });
}

test("the dark theme is the same whether a person or the system chooses it", () => {
  expect(tokensOf(':root:not([data-theme="light"])')).toEqual(THEMES.dark);
});
