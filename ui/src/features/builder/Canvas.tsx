/** The flow in the middle: cards one below the other, arranged by themselves, with a `+` between them. */
import { type Edge, type Node, type NodeChange, ReactFlow, type Viewport } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { Maximize, Minus, Plus } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../../locales";
import { TRIGGER } from "../../workflow/edit";
import { type Box, inColumn, shiftIntoView } from "../../workflow/layout";
import { useBuilder } from "./context";
import { AddNode, CardNode } from "./nodes";

const NODE_TYPES = { card: CardNode, add: AddNode };
const CARD_WIDTH = 430;
const ADD_SIZE = 24;
const FIRST_HEIGHT = 76;
const ROOM = 28;

type Sizes = Record<string, { width: number; height: number }>;

export function Canvas({
  selected,
  onSelect,
  onAdd,
}: {
  selected: string | null;
  onSelect: (id: string, field?: string) => void;
  onAdd: (index: number) => void;
}) {
  const { document } = useBuilder();
  const [sizes, setSizes] = useState<Sizes>({});
  const ids = document.steps.map((step) => step.id).join("\n");
  const boxes = useMemo(() => toBoxes(ids.split("\n").filter(Boolean), sizes), [ids, sizes]);
  const { wrapper, viewport, setViewport, show } = useView(boxes);

  useEffect(() => {
    if (selected) show(selected);
  }, [selected, show]);

  const nodes: Node[] = inColumn(boxes).map(({ id, x, y }, index) => ({
    id,
    type: id.startsWith("+") ? "add" : "card",
    position: { x, y },
    measured: sizes[id],
    style: { pointerEvents: "all" },
    data: id.startsWith("+")
      ? { index: index / 2 - 0.5, onAdd, onFocus: () => show(id) }
      : { selected: id === selected, onSelect, onFocus: () => show(id) },
  }));
  const edges: Edge[] = nodes.slice(1).map((node, index) => ({
    id: `to ${node.id}`,
    source: nodes[index]?.id ?? "",
    target: node.id,
    type: "straight",
  }));
  return (
    <div className="canvas" ref={wrapper} data-testid="canvas">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onNodesChange={(changes) => setSizes((before) => measured(before, changes))}
        viewport={viewport}
        onViewportChange={setViewport}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        panOnScroll
        minZoom={0.4}
        maxZoom={1.5}
        proOptions={{ hideAttribution: true }}
        aria-label={t("builder.canvas")}
      />
      <Zoom
        viewport={viewport}
        onChange={setViewport}
        onFit={() => setViewport(fitted(boxes, wrapper.current))}
      />
    </div>
  );
}

function toBoxes(steps: string[], sizes: Sizes): Box[] {
  const card = (id: string) => ({ id, width: CARD_WIDTH, height: sizes[id]?.height ?? FIRST_HEIGHT });
  const add = (index: number) => ({ id: `+${index}`, width: ADD_SIZE, height: ADD_SIZE });
  return [card(TRIGGER), add(0), ...steps.flatMap((id, index) => [card(id), add(index + 1)])];
}

function measured(before: Sizes, changes: NodeChange[]): Sizes {
  const found = changes.flatMap((change) =>
    change.type === "dimensions" && change.dimensions ? [[change.id, change.dimensions] as const] : [],
  );
  return found.length > 0 ? { ...before, ...Object.fromEntries(found) } : before;
}

/** Where the view is: centred at first and when the room changes, and moved as little as shows a card. */
function useView(boxes: Box[]) {
  const wrapper = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: ROOM, zoom: 1 });
  const placed = useRef(boxes);
  placed.current = boxes;
  useEffect(() => {
    const element = wrapper.current;
    if (!element) return;
    let width = 0;
    const observer = new ResizeObserver(() => {
      const next = element.clientWidth;
      setViewport((view) => ({ ...view, x: view.x + (next - width) / 2 }));
      width = next;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const show = useCallback((id: string) => {
    const index = placed.current.findIndex((box) => box.id === id);
    const box = placed.current[index];
    const at = inColumn(placed.current)[index];
    if (!box || !at || !wrapper.current) return;
    const height = wrapper.current.clientHeight;
    setViewport((view) => {
      const top = at.y * view.zoom + view.y;
      const shift = shiftIntoView(top, top + box.height * view.zoom, height, ROOM);
      return shift === 0 ? view : { ...view, y: view.y + shift };
    });
  }, []);
  return { wrapper, viewport, setViewport, show };
}

function fitted(boxes: Box[], element: HTMLDivElement | null): Viewport {
  const last = inColumn(boxes).at(-1);
  if (!element || !last) return { x: 0, y: ROOM, zoom: 1 };
  const zoom = Math.min(1, Math.max(0.4, (element.clientHeight - 2 * ROOM) / (last.y + ADD_SIZE)));
  return { x: element.clientWidth / 2, y: ROOM, zoom };
}

function Zoom({
  viewport,
  onChange,
  onFit,
}: {
  viewport: Viewport;
  onChange: (viewport: Viewport) => void;
  onFit: () => void;
}) {
  const by = (factor: number) => () =>
    onChange({ ...viewport, zoom: Math.min(1.5, Math.max(0.4, viewport.zoom * factor)) });
  return (
    <div className="zoom">
      <button type="button" className="button small" aria-label={t("builder.zoom_out")} onClick={by(1 / 1.2)}>
        <Minus size={14} />
      </button>
      <button type="button" className="button small" aria-label={t("builder.fit")} onClick={onFit}>
        <Maximize size={14} />
      </button>
      <button type="button" className="button small" aria-label={t("builder.zoom_in")} onClick={by(1.2)}>
        <Plus size={14} />
      </button>
    </div>
  );
}
