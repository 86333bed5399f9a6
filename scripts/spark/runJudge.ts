import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SparkJob } from './sparkJob.ts';

const judgeFile = fileURLToPath(new URL('judge.py', import.meta.url));
const timeoutMs = 1_200_000;
const shownComplaint = 4_000;

/** Runs the job on Spark; `say` gets a line per statement that has run. Throws if Spark refuses one, with its words. */
export async function runJudge(
  python: string,
  job: SparkJob,
  directory: string,
  say: (line: string) => void,
): Promise<void> {
  const jobFile = join(directory, 'job.json');
  await writeFile(jobFile, JSON.stringify(job, null, 2));
  const child = spawn(python, [judgeFile, jobFile], {
    cwd: directory,
    env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  createInterface({ input: child.stdout }).on('line', say);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-shownComplaint);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return;
  const ending = code === null ? String(signal) : `exit code ${code}`;
  throw new Error(`Spark ended with ${ending}.\n${withoutGreetings(complaint)}`);
}

/** What Spark says at every start is no reason. */
function withoutGreetings(complaint: string): string {
  const greeting =
    /^(WARNING: |Using Spark's default|Setting default log level|To adjust logging|\S+ \S+ WARN )/;
  return complaint
    .split('\n')
    .filter((line) => !greeting.test(line))
    .join('\n')
    .trim();
}
