import type { Measurement } from './measurement.ts';

/** What the figures were taken on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** Where the middleware kept its state. */
  readonly store: string;
  readonly takenAt: string;
}

/** The figures as one Markdown document: a table of each benchmark. */
export function toMarkdown(machine: Machine, measurements: readonly Measurement[]): string {
  const lines = [
    '# Benchmarks',
    '',
    `${machine.cpu}, ${String(machine.cores)} cores, ${String(machine.memoryGb)} GB, ${machine.platform}, Node ${machine.node}, store: ${machine.store}, ${machine.takenAt}.`,
    'Each ratio is the measured value over the named baseline, both taken in this run on this machine.',
  ];
  for (const [benchmark, rows] of Map.groupBy(measurements, (row) => row.benchmark)) {
    lines.push('', `## ${benchmark}`, '', ...table(rows));
  }
  return `${lines.join('\n')}\n`;
}

function table(rows: readonly Measurement[]): string[] {
  const cells = rows.map(({ what, value, unit, baseline, baselineValue, ratio, also }) => [
    what,
    `${figure(value)} ${unit}`,
    baseline,
    `${figure(baselineValue)} ${unit}`,
    figure(ratio),
    Object.entries(also)
      .map(([name, figures]) => `${name} ${typeof figures === 'number' ? figure(figures) : figures}`)
      .join(', '),
  ]);
  const head = ['what', 'measured', 'baseline', 'baseline measured', 'ratio', 'also'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)];
}

function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
