import type { Finding } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatCountOf } from './formatValue.ts';

/** Groups by the first part of a check's name, in the order in which they are shown. */
const groups: Readonly<Record<string, string>> = {
  middleware: 'Middleware',
  org: 'Org, as you see it',
  salesforce: 'Salesforce, as the integration user sees it',
  warehouse: 'Warehouse',
  sync: 'Syncs',
  store: 'Store',
};

const levels: Readonly<Record<Finding['level'], string>> = { ok: 'ok', warning: 'WARNING', error: 'ERROR' };
/** Lines of detail under one finding; all of them are in the JSON. */
const maxDetails = 8;

/** Stays with what follows. */
const bullet = '•\u00a0';

const groupOf = ({ check }: Finding): string => check.split('.')[0] ?? '';

/** Findings as one table for each part, the worst first, and a last line that counts them. */
export function formatFindings(findings: readonly Finding[]): string {
  const names = [...new Set([...Object.keys(groups), ...findings.map(groupOf)])];
  const tables = names.map((name) =>
    formatTable(
      groups[name] ?? name,
      ['Level', 'Check', 'Finding', { name: 'What to do', isOptional: true }],
      findings
        .filter((finding) => groupOf(finding) === name)
        .toSorted((a, b) => rank(b) - rank(a))
        .map((finding) => [
          levels[finding.level],
          finding.check.slice(name.length + 1),
          [finding.finding, ...detailLines(finding)].join('\n'),
          finding.action ?? '',
        ]),
    ),
  );
  return [...tables.filter((table) => table !== ''), summaryOf(findings)].join('\n\n');
}

const order: readonly Finding['level'][] = ['ok', 'warning', 'error'];
const rank = ({ level }: Finding): number => order.indexOf(level);

/** What is well needs no proof on the screen. */
function detailLines({ level, details }: Finding): string[] {
  if (level === 'ok') return [];
  const hidden = details.length - maxDetails;
  return [
    ...details.slice(0, maxDetails).map((detail) => `${bullet}${detail}`),
    ...(hidden > 0 ? [`${bullet}and ${hidden.toLocaleString('en-US')} more`] : []),
  ];
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (level: Finding['level']): number =>
    findings.filter((finding) => finding.level === level).length;
  return `${formatCountOf(findings.length, 'check')}: ${formatCountOf(count('error'), 'error')}, ${formatCountOf(count('warning'), 'warning')}, ${count('ok')} ok.`;
}
