/** Whether a connection works, in a word. */
import { fullTime } from "../../app/time";
import type { ConnectionState, ConnectionSummary } from "../../backend";
import { Chip, type Tone } from "../../components/Chip";
import { t } from "../../locales";

const TONES: Record<ConnectionState, Tone> = { works: "good", broken: "bad", untested: "plain" };

export function ConnectionChip({ connection, testId }: { connection: ConnectionSummary; testId: string }) {
  const { state, checked, problem } = connection;
  return (
    <Chip tone={TONES[state]} testId={testId} title={problem ?? (checked ? fullTime(checked) : undefined)}>
      {t(`connections.states.${state}`)}
    </Chip>
  );
}
