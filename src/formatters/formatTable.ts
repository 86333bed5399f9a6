import { Ux } from '@salesforce/sf-plugins-core';
import { toPlainText } from './formatValue.ts';

/** A column by its heading. */
export interface Column {
  readonly name: string;
  /** Numbers stand on the right. */
  readonly isNumber?: boolean;
  /** An id is never broken, so that it can be copied. */
  readonly isWhole?: boolean;
  /** Left out where no row has anything in it. */
  readonly isOptional?: boolean;
}

/** Where there is no terminal: a file, or the log of a job. */
const widthWithoutTerminal = 120;
/** Words up to so many characters are not broken: where it can be not even ids, else common words alone. */
const longWords = [40, 16] as const;

/**
 * A table as sf draws them, as wide as the terminal at most: what does not fit is wrapped, never cut. Answers '' for no
 * rows. Texts come from other systems: control characters are taken out.
 */
export function formatTable(
  title: string,
  columns: readonly (Column | string)[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const all = columns.map((column): Column => (typeof column === 'string' ? { name: column } : column));
  const isShown = all.map(({ isOptional = false }, at) => !isOptional || rows.some((row) => row[at] !== ''));
  const named = all.filter((_, at) => isShown[at]);
  const cells = rows.map((row) =>
    row.filter((_, at) => isShown[at]).map((cell) => cell.split('\n').map(toPlainText).join('\n')),
  );
  const widths = fitWidths(
    named,
    cells,
    // Some terminals give 0 for a width that they do not know.
    (process.stdout.isTTY && process.stdout.columns) || widthWithoutTerminal,
  );
  const table = new Ux().makeTable({
    data: cells.map((row) => Object.fromEntries(row.map((cell, at) => [String(at), cell]))),
    columns: named.map(({ name, isNumber = false }, at) => ({
      key: String(at),
      name,
      width: widths[at] ?? 0,
      horizontalAlignment: isNumber ? 'right' : 'left',
    })),
    overflow: 'wrap',
    // The widths are as they should be; the library would break ids first.
    maxWidth: 'none',
  });
  const lines = table.split('\n').map((line) => line.trimEnd());
  return [...(title === '' ? [] : [title]), ...lines].join('\n').trim();
}

/** Width of each column with its padding: as wide as its widest line, the widest texts narrowed until all fits. */
function fitWidths(columns: readonly Column[], cells: readonly string[][], terminalWidth: number): number[] {
  const padding = 2;
  const widths = columns.map(({ name }, at) => {
    const lines = cells.flatMap((row) => (row[at] ?? '').split('\n'));
    return padding + Math.max(name.length, ...lines.map(({ length }) => length));
  });
  const borders = columns.length + 1;
  for (const longWord of longWords) {
    const least = columns.map(({ isNumber, isWhole, name }, at) => {
      const width = widths[at] ?? 0;
      if (isNumber === true || isWhole === true) return width;
      const words = cells
        .flatMap((row) => (row[at] ?? '').split(/[ \n]+/))
        .filter(({ length }) => length <= longWord);
      return Math.min(width, padding + Math.max(name.length, ...words.map(({ length }) => length)));
    });
    for (let excess = sum(widths) + borders - terminalWidth; excess > 0; excess -= 1) {
      const slack = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0));
      const widest = slack.indexOf(Math.max(...slack));
      if (slack[widest] === 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
