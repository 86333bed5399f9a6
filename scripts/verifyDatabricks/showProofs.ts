import type { Proof } from './proof.ts';

const marks = { proved: '✓', refuted: '✗', unproved: '?' } as const;

/** An aligned list of what was proved, what not and what to do, and the sums below it. */
export function showProofs(proofs: readonly Proof[]): string {
  const width = Math.max(0, ...proofs.map(({ name }) => name.length));
  const lines = proofs.flatMap(({ about, name, result, detail, action }, index) => [
    ...(about === proofs[index - 1]?.about ? [] : [`${index === 0 ? '' : '\n'}${about}`]),
    `  ${marks[result]} ${name.padEnd(width)}  ${detail}`,
    ...(action === null ? [] : [`    ${' '.repeat(width)}  → ${action}`]),
  ]);
  const { proved, refuted, unproved } = countProofs(proofs);
  return `${lines.join('\n')}\n\n${proved} proved, ${refuted} refuted, ${unproved} not proved. Nothing was written.\n`;
}

export function countProofs(proofs: readonly Proof[]): Record<Proof['result'], number> {
  const counts = { proved: 0, refuted: 0, unproved: 0 };
  for (const { result } of proofs) counts[result] += 1;
  return counts;
}
