import { styleText } from 'node:util';
import ora from 'ora';

const barWidth = 24;

/** A bar and a count: `███████░░░ 600/1,081`. */
export function bar(done: number, total: number): string {
  const filled = total === 0 ? barWidth : Math.round((Math.min(done, total) / total) * barWidth);
  const of = `${count(done)}/${count(total)}`;
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${of}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** What went wrong, with the causes that libraries hide behind it: `fetch failed: connect ECONNREFUSED …`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

/** Runs one step and shows on stderr that it is going on; `say` replaces the text behind the title. */
export async function step<Result>(
  title: string,
  work: (say: (text: string) => void) => Promise<Result>,
  summary: (result: Result) => string,
): Promise<Result> {
  const padded = title.padEnd(30);
  const stream = process.stderr;
  // Without a width ora erases lines without end.
  const isLive = stream.isTTY && stream.columns > 0;
  const spinner = ora({ text: padded.trimEnd(), stream, isEnabled: isLive }).start();
  // Left to itself ora colours its symbols also in a file.
  const end = (colour: 'green' | 'red', symbol: string, text: string): unknown =>
    spinner.stopAndPersist({ symbol: styleText(colour, symbol, { stream }), text: `${padded} ${text}` });
  const startedAt = performance.now();
  try {
    const result = await work((text) => {
      if (isLive) spinner.text = `${padded} ${text}`;
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    end('green', '✔', `${summary(result)} (${seconds} s)`);
    return result;
  } catch (error) {
    end('red', '✖', reasonOf(error));
    throw error;
  }
}
