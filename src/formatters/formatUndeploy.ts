import { formatTable } from './formatTable.ts';
import { formatCountOf } from './formatValue.ts';

interface ShownName {
  readonly type: string;
  readonly fullName: string;
}

/** What an undeploy would take and what it would leave. */
export interface ShownUndeploy {
  readonly removed: readonly ShownName[];
  readonly kept: readonly (ShownName & { readonly reason: string })[];
  readonly users: number;
}

/** Nobody reads more names of one type; all of them are in the JSON. */
const maxNames = 50;
const namesOfMany = 3;

function formatNames(names: readonly string[]): string {
  if (names.length <= maxNames) return names.join('\n');
  const more = `and ${(names.length - namesOfMany).toLocaleString('en-US')} more`;
  return [...names.slice(0, namesOfMany), more].join('\n');
}

/** An object takes along what is on it, which is not named again. */
const describeRemoval = ({ type, fullName }: ShownName): string =>
  type === 'CustomObject' ? `${fullName} and all that is on it` : fullName;

/** Names of one type stand in one cell; what stays says why. */
export function formatUndeploy({ removed, kept, users }: ShownUndeploy): string {
  const reasons = [...new Set(kept.map(({ type, reason }) => `${type}\n${reason}`))].map((text) => {
    const [type = '', reason = ''] = text.split('\n');
    return { type, reason };
  });
  return [
    formatTable(
      'To be removed',
      ['Type', 'Components'],
      [...new Set(removed.map(({ type }) => type))].map((type) => [
        type,
        formatNames(removed.filter((component) => component.type === type).map(describeRemoval)),
      ]),
    ),
    formatTable(
      'Left as it is',
      ['Type', 'Components', 'Why'],
      reasons.map(({ type, reason }) => [
        type,
        formatNames(
          kept
            .filter((component) => component.type === type && component.reason === reason)
            .map(({ fullName }) => fullName),
        ),
        reason,
      ]),
    ),
    users === 0
      ? ''
      : `${formatCountOf(users, 'assignment')} of these permission sets will be taken from users.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
