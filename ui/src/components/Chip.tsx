/** A state in a word or two. Colour never stands alone: each tone has its shape. */
import { Check, Circle, CircleAlert, Clock, X } from "lucide-react";
import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "plain" | "live";
const SHAPES = { good: Check, warn: CircleAlert, bad: X, plain: Circle, live: Clock };

export function Chip({
  tone,
  children,
  testId,
  title,
}: {
  tone: Tone;
  children: ReactNode;
  testId?: string;
  title?: string;
}) {
  const Shape = SHAPES[tone];
  return (
    <span className={`chip chip-${tone}`} data-testid={testId} title={title}>
      {tone !== "plain" && <Shape size={12} aria-hidden="true" />}
      {children}
    </span>
  );
}
