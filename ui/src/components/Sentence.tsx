/** A sentence with what the person filled in made visible. */
import type { SentencePart } from "../workflow/sentence";

export function Sentence({
  parts,
  onValue,
  blanks = [],
}: {
  parts: SentencePart[];
  onValue?: (field: string) => void;
  blanks?: string[];
}) {
  return (
    <>
      {parts.map((part, index) => {
        const key = `${index}${part.kind}`;
        if (part.kind === "words") return <span key={key}>{part.text}</span>;
        const className =
          part.kind === "missing" || blanks.includes(part.field) ? "word word-missing" : "word";
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a shortcut for the mouse; the card around it is the button and the panel has the field
          <span
            key={key}
            className={className}
            data-testid={`value-${part.field}`}
            onClick={onValue && (() => onValue(part.field))}
          >
            {part.text}
          </span>
        );
      })}
    </>
  );
}
