/** Between a text with references and the nodes that show it: drawing, reading back, and the caret as an offset in the text. */
import { parseText } from "../../workflow/references";
import type { Described } from "../../workflow/values";

export type Picture = { nodes: Node[]; pills: string };

export function draw(text: string, describe: (expression: string) => Described): Picture {
  const nodes = parseText(text).map((part) => {
    if (part.kind === "text") return document.createTextNode(part.text);
    const { label, sample } = describe(part.expression);
    return pill(part.source, part.expression, label, sample);
  });
  return { nodes, pills: shown(nodes.filter((node) => node instanceof HTMLElement)) };
}

/** What the pills in a box say, to tell whether they must be drawn again. */
export function pillTexts(box: HTMLElement): string {
  return shown([...box.querySelectorAll<HTMLElement>(".pill")]);
}

function shown(pills: HTMLElement[]): string {
  return pills.map((element) => `${element.dataset.source}\n${element.textContent}`).join("\n");
}

function pill(source: string, expression: string, label: string, sample: string): HTMLElement {
  const element = document.createElement("span");
  element.className = "pill";
  element.contentEditable = "false";
  element.dataset.source = source;
  element.title = expression;
  element.textContent = sample ? `${label} · ${sample}` : label;
  return element;
}

export function readText(node: Node): string {
  let text = "";
  for (const child of node.childNodes) {
    if (child instanceof HTMLElement && child.dataset.source !== undefined) text += child.dataset.source;
    else if (child instanceof HTMLBRElement) text += node.childNodes.length === 1 ? "" : "\n";
    else if (child instanceof HTMLElement)
      text += (text && !text.endsWith("\n") ? "\n" : "") + readText(child);
    else text += child.textContent ?? "";
  }
  return text;
}

/** How much text is before the caret; null when it is elsewhere. */
export function caretOffset(box: HTMLElement): number | null {
  const selection = getSelection();
  const node = selection?.focusNode;
  if (!selection || !node || !box.contains(node)) return null;
  const range = document.createRange();
  range.selectNodeContents(box);
  range.setEnd(node, selection.focusOffset);
  return readText(range.cloneContents()).length;
}

export function placeCaret(box: HTMLElement, offset: number) {
  let left = offset;
  for (const [index, child] of [...box.childNodes].entries()) {
    const length =
      child instanceof HTMLElement ? (child.dataset.source?.length ?? 1) : (child.textContent ?? "").length;
    if (left <= length && child instanceof Text) return collapse(child, left);
    if (left < length) return collapse(box, index + 1);
    left -= length;
  }
  collapse(box, box.childNodes.length);
}

function collapse(node: Node, offset: number) {
  getSelection()?.collapse(node, offset);
}
