import type { FaultCount, FaultInput, Faults } from './faults.ts';

/** Newest statements that are remembered. */
const keptStatements = 1_000;

/** What a test may ask and do behind the client's back. */
export interface Control {
  /** Replaces the faults; the counts begin anew. Throws if one is not a fault. */
  setFaults(faults: readonly FaultInput[]): void;
  readonly faults: readonly FaultCount[];
  /** How often each call was made, struck by a fault or not. */
  readonly calls: Readonly<Record<string, number>>;
  /** The statements that clients sent, the newest last. */
  readonly statements: readonly string[];
  readonly openSessions: number;
  readonly openOperations: number;
  /** Stops the warehouse: the next statement starts it, which takes so long. Sessions stay. */
  stop(startMs: number): void;
  /** Ends every session and what runs in it. */
  loseSessions(): void;
  /** Ends every token that was granted by OAuth. */
  revokeTokens(): void;
}

export interface ControlDeps {
  readonly faults: Faults;
  readonly sessions: ReadonlyMap<string, unknown>;
  readonly operations: ReadonlyMap<string, unknown>;
  readonly stop: (startMs: number) => void;
  readonly loseSessions: () => void;
  readonly revokeTokens: () => void;
}

/** Also counts: `onCall` is told of every call. */
export function createControl(deps: ControlDeps): {
  control: Control;
  onCall: (name: string, statement?: string) => void;
} {
  const calls: Record<string, number> = {};
  const statements: string[] = [];
  return {
    control: {
      setFaults: (faults) => deps.faults.replace(faults),
      get faults() {
        return deps.faults.counts;
      },
      get calls() {
        return { ...calls };
      },
      get statements() {
        return [...statements];
      },
      get openSessions() {
        return deps.sessions.size;
      },
      get openOperations() {
        return deps.operations.size;
      },
      stop: deps.stop,
      loseSessions: deps.loseSessions,
      revokeTokens: deps.revokeTokens,
    },
    onCall: (name, statement) => {
      calls[name] = (calls[name] ?? 0) + 1;
      if (statement === undefined) return;
      statements.push(statement);
      if (statements.length > keptStatements) statements.shift();
    },
  };
}
