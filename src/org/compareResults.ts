import type { DeployRow } from './deployRows.ts';
import { componentKey, objectOf } from './packageComponent.ts';

/** A component as the manifest of a deploy names it. */
export interface SentComponent {
  readonly type: string;
  readonly fullName: string;
}

/** How what the org reports fits what was sent. */
export interface ResultComparison {
  /** What was sent and accepted. */
  readonly accepted: readonly DeployRow[];
  readonly failed: readonly DeployRow[];
  /** Sent, and not a word about it. */
  readonly unanswered: readonly SentComponent[];
  /** Not sent, and reported all the same. */
  readonly unexpected: readonly DeployRow[];
}

/**
 * Holds the org's rows against what was sent: a deploy counts only when each component has a row of success. A status
 * alone is never trusted, since clients report "Succeeded" of nothing at all.
 */
export function compareResults(sent: readonly SentComponent[], rows: readonly DeployRow[]): ResultComparison {
  const wanted = new Set(sent.map(componentKey));
  const parents = new Set(sent.map(({ fullName }) => objectOf(fullName)));
  const failed = rows.filter(({ isSuccess }) => !isSuccess);
  const accepted = rows.filter((row) => row.isSuccess && wanted.has(componentKey(row)));
  const answered = new Set([...failed, ...accepted].map(componentKey));
  return {
    accepted,
    failed,
    unanswered: sent.filter((component) => !answered.has(componentKey(component))),
    unexpected: rows.filter(
      (row) => row.isSuccess && !wanted.has(componentKey(row)) && !isContainer(row, parents),
    ),
  };
}

/** The manifest, and what merely holds the components that were sent. */
const isContainer = ({ type, fullName }: DeployRow, parents: ReadonlySet<string>): boolean =>
  type === '' || type === 'CustomLabels' || (type === 'CustomObject' && parents.has(fullName));
