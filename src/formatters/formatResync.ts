import type { Resync } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatTime } from './formatValue.ts';

/** What a resync made of each property of the group. */
export function formatResync({
  resyncId,
  groupKey,
  state,
  startedAt,
  endedAt,
  members,
  error,
}: Resync): string {
  const head = [
    `Resync ${resyncId} of group ${groupKey}: ${state === 'partiallySucceeded' ? 'partially succeeded' : state}.`,
    `  Started ${formatTime(startedAt)}; ended ${formatTime(endedAt)}.`,
    ...(error === null
      ? []
      : [
          `  ${error.code}: ${error.message}`,
          ...error.details.map((detail) => `    • ${detail}`),
          `  ${error.action}`,
        ]),
  ];
  const table = formatTable(
    '',
    [{ name: 'Property', isWhole: true }, 'Name', 'Planned as', 'Outcome'],
    members.map((member) => [
      member.rdsPropertyId,
      member.name ?? '–',
      member.reasonCode === null ? member.classification : `${member.classification} (${member.reasonCode})`,
      member.error === null
        ? (member.state ?? 'nothing to write')
        : `${member.state ?? 'not written'}: ${member.error.code}, ${member.error.message}`,
    ]),
  );
  return [head.join('\n'), table].filter((block) => block !== '').join('\n\n');
}
