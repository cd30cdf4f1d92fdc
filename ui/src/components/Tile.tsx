/** A connector's coloured tile: its line icon, or its first letter until (or where) there is none. */
import { Ban, Filter, type LucideIcon, Tag, Zap } from "lucide-react";
import { type CSSProperties, lazy, Suspense } from "react";
import type { ConnectorInfo, Step } from "../backend";

const NamedIcon = lazy(() => import("./NamedIcon"));

export function Tile({ connector }: { connector: ConnectorInfo | undefined }) {
  if (!connector) return <OwnTile icon={Zap} />;
  const letter = <span>{connector.name.charAt(0).toUpperCase()}</span>;
  return (
    <span className="tile" style={{ "--tile": connector.color } as CSSProperties} aria-hidden="true">
      {connector.icon ? (
        <Suspense fallback={letter}>
          <NamedIcon name={connector.icon} fallback={letter} />
        </Suspense>
      ) : (
        letter
      )}
    </span>
  );
}

function OwnTile({ icon: Icon }: { icon: LucideIcon }) {
  return (
    <span className="tile tile-own" aria-hidden="true">
      <Icon size={16} />
    </span>
  );
}

/** The tile of a step that belongs to no connector. */
export function KindTile({ step }: { step: Step }) {
  return <OwnTile icon={step.only_if ? Filter : step.set ? Tag : Ban} />;
}

export function TileStack({ connectors }: { connectors: ConnectorInfo[] }) {
  return (
    <span className="tile-stack">
      {connectors.slice(0, 4).map((connector) => (
        <Tile key={connector.id} connector={connector} />
      ))}
    </span>
  );
}
