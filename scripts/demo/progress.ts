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
  const spinner = ora({ text: padded, stream: process.stderr }).start();
  const startedAt = performance.now();
  try {
    const result = await work((text) => {
      if (process.stderr.isTTY) spinner.text = `${padded} ${text}`;
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    spinner.succeed(`${padded} ${summary(result)} (${seconds} s)`);
    return result;
  } catch (error) {
    spinner.fail(`${padded} ${reasonOf(error)}`);
    throw error;
  }
}
