import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { januaryNow } from './baseline/january.ts';
import { writeBaseline } from './baseline/writeBaseline.ts';

const help = `Starts the Salesforce-compatible org alone, on this machine.

Usage: npm run local-org -- [--port N] [--seed january|empty|blank] [option of local-org …]

  --port N         port on 127.0.0.1; 0 (default) takes a free one
  --seed january   holds the January baseline, at its business time and with a key that is not unique
  --seed empty     holds the objects and no record (default)
  --seed blank     holds no custom object either: an org into which nothing was ever deployed
  --help           shows this and the options of local-org

Prints one line of JSON when ready: {url, accessToken, clientId, clientSecret, username, orgId}. All else goes to
stderr. Ctrl-C stops it.
Exit code: 0 stopped, 2 wrong option.
`;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const { seed, isHelp, rest } = readSeed(args);
  if (isHelp) process.stdout.write(`${help}\n`);
  if (seed === 'empty' || isHelp) return runOrg(rest);
  if (seed === 'blank') return runOrg(['--schema', 'none', ...rest]);
  if (seed !== 'january') {
    process.stderr.write(`--seed must be january, empty or blank, not '${seed}'.\n`);
    return 2;
  }
  // The baseline takes seconds: whoever asks to stop meanwhile is heard after them.
  const stopRequest = new AbortController();
  const stop = (): void => stopRequest.abort();
  for (const signal of signals) process.on(signal, stop);
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-org-'));
  try {
    const seedDir = join(directory, 'january');
    process.stderr.write('Making the January baseline …\n');
    await writeBaseline({ outDir: seedDir });
    if (stopRequest.signal.aborted) return 0;
    return await runOrg(['--seed-dir', seedDir, '--now', januaryNow, '--key-unique', 'false', ...rest]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Takes out what is this script's own; the rest is local-org's, and local-org judges it. */
function readSeed(args: readonly string[]): { seed: string; isHelp: boolean; rest: string[] } {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string', default: 'empty' }, help: { type: 'boolean', default: false } },
    strict: false,
    tokens: true,
  });
  const own = new Set(
    tokens.flatMap((token) => {
      if (token.kind !== 'option' || token.name !== 'seed') return [];
      return token.inlineValue === false ? [token.index, token.index + 1] : [token.index];
    }),
  );
  const rest = args.filter((_, index) => !own.has(index));
  return { seed: String(values.seed), isHelp: values.help === true, rest };
}

/** Runs the org as a process of its own, as everybody meets it, until it ends; passes on the request to stop. */
async function runOrg(args: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('../local-org/src/main.ts', import.meta.url));
  // Apart from the terminal: a Ctrl-C reaches it once, from here.
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', detached: true });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const stop = (): void => void child.kill('SIGTERM');
  for (const signal of signals) process.on(signal, stop);
  const [code] = await ended;
  return code ?? 1;
}
