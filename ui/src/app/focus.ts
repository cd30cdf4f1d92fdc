/** Where the keyboard goes on when what had the focus is gone. */
const SOON_MS = 60;

/** Focuses the first that is there, in this order, once the screen has caught up. */
export function focusSoon(...selectors: string[]) {
  setTimeout(() => {
    const found = selectors.map((selector) => document.querySelector<HTMLElement>(selector));
    found.find((element) => element !== null)?.focus();
  }, SOON_MS);
}
