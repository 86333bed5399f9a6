import type { Finding } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatCountOf } from './formatValue.ts';

/** What is shown of a component. */
interface ShownComponent {
  readonly type: string;
  readonly fullName: string;
  readonly state: string;
  readonly reason?: string | null;
}

/** What is shown of a problem. */
interface ShownProblem {
  readonly type: string;
  readonly fullName: string;
  readonly problem: string;
  readonly action: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** What a deploy is to say of itself. */
export interface ShownDeploy {
  readonly status: string;
  readonly isDryRun: boolean;
  readonly components: readonly ShownComponent[];
  readonly problems: readonly ShownProblem[];
  readonly testsRun: number;
  readonly remarks: readonly string[];
  readonly key: {
    readonly isUnique: boolean;
    readonly surplus: {
      readonly keys: number;
      readonly rows: number;
      readonly examples: readonly string[];
      readonly isBounded: boolean;
    };
  };
}

/** The result of a deploy: what became of the components by type, and every problem with what to do. */
export function formatDeploy(deploy: ShownDeploy): string {
  return [
    formatComponents(deploy),
    deploy.status === 'Succeeded' ? formatLeft(deploy.components) : '',
    formatProblems(deploy.problems),
    formatKey(deploy),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const states = ['Created', 'Changed', 'Unchanged', 'Left'] as const;

function formatComponents({ status, isDryRun, components, testsRun, remarks }: ShownDeploy): string {
  if (status !== 'Succeeded') return '';
  const types = [...new Set(components.map(({ type }) => type))].toSorted();
  const count = (wantedState: string, wantedType?: string): string => {
    const found = components.filter(
      ({ type, state }) => state === wantedState && (wantedType ?? type) === type,
    ).length;
    return found === 0 ? '' : found.toLocaleString('en-US');
  };
  const table = formatTable(
    isDryRun ? 'What would happen' : 'What happened',
    [
      'Type',
      ...['Created', 'Changed', 'Unchanged', 'Left as it is'].map((name) => ({ name, isNumber: true })),
    ],
    [
      ...types.map((type) => [type, ...states.map((state) => count(state, type))]),
      ['Total', ...states.map((state) => count(state))],
    ],
  );
  const tests = testsRun === 0 ? [] : [`${formatCountOf(testsRun, 'Apex test')} passed.`];
  return [table, ...tests, ...remarks].join('\n');
}

/** Why things stay as they are; what is left for one reason stands in one line. */
function formatLeft(components: readonly ShownComponent[]): string {
  const left = components.filter(({ state }) => state === 'Left');
  const reasons = [...new Set(left.map(({ reason }) => reason ?? ''))];
  return reasons
    .map((reason) => {
      const names = left
        .filter((component) => (component.reason ?? '') === reason)
        .map(({ type, fullName }) => (type === 'CustomField' ? fullName : `${type} ${fullName}`));
      const shown = names.slice(0, 3).join(', ');
      const more = names.length > 3 ? ` and ${(names.length - 3).toLocaleString('en-US')} more` : '';
      return `Left as it is (${reason}): ${shown}${more}.`;
    })
    .join('\n');
}

/** What the check after a deploy leaves for a person to do, the worst first; `sf sync doctor` shows all of it. */
export function formatLeftToDo(findings: readonly Finding[]): string {
  const open = findings.filter(({ level }) => level !== 'ok');
  return formatTable(
    'What is left to do',
    ['Finding', 'What to do'],
    apart(
      [
        ...open.filter(({ level }) => level === 'error'),
        ...open.filter(({ level }) => level === 'warning'),
      ].map(({ finding, action, details }) => [
        [finding, ...details.slice(0, 5).map((detail) => `• ${detail}`)].join('\n'),
        action ?? '',
      ]),
    ),
  );
}

/** An empty line between two rows, of which each has several lines. */
const apart = (rows: readonly string[][]): string[][] =>
  rows.map((row, at) => (at === rows.length - 1 ? row : row.map((cell) => `${cell}\n`)));

/** Each problem with what to do about it; what several components share stands once. */
export function formatProblems(problems: readonly ShownProblem[]): string {
  const groups = Map.groupBy(problems, ({ type, problem, action }) =>
    JSON.stringify([type, problem, action]),
  );
  return formatTable(
    `Problems [${problems.length}]`,
    ['Type', 'Component', 'Problem', 'What to do'],
    apart(
      [...groups.values()].map((group) => [
        group[0]?.type ?? '',
        group.map(({ fullName, line, column }) => fullName + placeOf({ line, column })).join('\n'),
        group[0]?.problem ?? '',
        group[0]?.action ?? '',
      ]),
    ),
  );
}

/** Type and name say which file it is; its path is in the JSON. The table takes out an indent, so there is a sign. */
const placeOf = ({ line, column }: Pick<ShownProblem, 'line' | 'column'>): string =>
  line === null ? '' : `\n↳ line ${line}${column === null ? '' : `, column ${column}`}`;

function formatKey({ key: { isUnique, surplus } }: ShownDeploy): string {
  if (isUnique || surplus.rows === 0) return '';
  const rows = surplus.isBounded
    ? `at least ${formatCountOf(surplus.rows, 'row')}`
    : formatCountOf(surplus.rows, 'row');
  return [
    `The key cannot be Unique yet: ${rows} too many, on ${formatCountOf(surplus.keys, 'key')}, such as`,
    ...surplus.examples.slice(0, 3).map((example) => `  ${example}`),
    'These properties are never sent until then. Delete or merge the surplus rows and deploy again.',
  ].join('\n');
}
