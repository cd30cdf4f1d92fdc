/** A text field in which `{{ references }}` show as pills. The text stays the truth: the field is drawn from it and read back into it. */
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from "react";
import type { Described } from "../../workflow/values";
import { caretOffset, draw, pillTexts, placeCaret, readText } from "./pillText";

export type PillHandle = { insert: (text: string) => void };

export function PillField({
  id,
  testId,
  value,
  onChange,
  describe,
  label,
  describedBy,
  placeholder,
  multiline = false,
  invalid = false,
  address = false,
  ref,
}: {
  id: string;
  testId: string;
  value: string;
  onChange: (text: string) => void;
  describe: (expression: string) => Described;
  label: string;
  describedBy?: string;
  placeholder?: string;
  multiline?: boolean;
  invalid?: boolean;
  /** Whether it holds a web address, which nobody may ask while it is half typed. */
  address?: boolean;
  ref?: Ref<PillHandle>;
}) {
  const box = useRef<HTMLDivElement>(null);
  const caret = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const picture = draw(value, describe);
    if (readText(element) === value && pillTexts(element) === picture.pills) return;
    const at = document.activeElement === element ? caretOffset(element) : null;
    element.replaceChildren(...picture.nodes);
    if (at !== null) placeCaret(element, at);
  });

  const remember = useCallback(() => {
    if (box.current) caret.current = caretOffset(box.current) ?? caret.current;
  }, []);

  useImperativeHandle(ref, () => ({
    insert(text) {
      const at = Math.min(caret.current ?? value.length, value.length);
      caret.current = at + text.length;
      onChange(value.slice(0, at) + text + value.slice(at));
      requestAnimationFrame(() => {
        box.current?.focus();
        if (box.current) placeCaret(box.current, at + text.length);
      });
    },
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !multiline) event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: an input can't hold pills
    <div
      ref={box}
      id={id}
      role="textbox"
      tabIndex={0}
      contentEditable="plaintext-only"
      suppressContentEditableWarning
      spellCheck={false}
      className={`input pill-field ${multiline ? "pill-long" : ""}`}
      data-testid={testId}
      data-placeholder={placeholder}
      data-address={address || undefined}
      aria-label={label}
      aria-multiline={multiline}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onKeyDown={onKeyDown}
      onKeyUp={remember}
      onMouseUp={remember}
      onBlur={remember}
      onInput={(event) => {
        const text = readText(event.currentTarget);
        if (text === "") event.currentTarget.replaceChildren();
        remember();
        onChange(multiline ? text : text.replaceAll("\n", " "));
      }}
    />
  );
}
