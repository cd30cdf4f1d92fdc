/** One setting: what it is, what it means, and what changes it. */
import type { ReactNode } from "react";

export function Row({ title, help, children }: { title: string; help: string; children: ReactNode }) {
  return (
    <div className="setting">
      <div className="grow">
        <b>{title}</b>
        {help && <p className="muted">{help}</p>}
      </div>
      {children}
    </div>
  );
}
