/** Where the cards of a workflow stand: one below the other, the `+` between them. */

export type Box = { id: string; width: number; height: number };
export type Placed = { id: string; x: number; y: number };

const GAP = 14;

/** Boxes centred on one line from the top, with the same gap between any two. */
export function inColumn(boxes: Box[]): Placed[] {
  let y = 0;
  return boxes.map(({ id, width, height }) => {
    const placed = { id, x: -width / 2, y };
    y += height + GAP;
    return placed;
  });
}

/** How far to move the view so that a span is inside it, with some room. */
export function shiftIntoView(top: number, bottom: number, viewHeight: number, room: number): number {
  if (top < room) return room - top;
  if (bottom > viewHeight - room) return Math.max(viewHeight - room - bottom, room - top);
  return 0;
}
