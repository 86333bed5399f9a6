import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDatabricksLocal, type DatabricksLocalOptions } from './startDatabricksLocal.ts';

const help = `Starts a test server on this machine that the official Databricks driver can talk to. It answers from DuckDB.

Usage: node scripts/databricks-local/main.ts [--port N] [--source-dir DIR] [--data-dir DIR] [--cold-start-ms N]

  --port N            port on 127.0.0.1; 0 (default) takes a free one
  --source-dir DIR    baseline files, loaded into the source tables
  --data-dir DIR      keeps the catalogs in files there; without it they live in memory
  --cold-start-ms N   the warehouse has not been started, and its start takes so long
  --token TEXT        the access token (default: random)
  --help              shows this

Prints one line of JSON when ready: {host, port, path, token, clientId, clientSecret, caFile}. Ctrl-C stops it.
GET /__local/state tells what was called; PUT /__local/faults takes {"faults": [{"call", "kind", "times", …}]}.
Exit code: 0 stopped, 2 wrong option, or it does not start.
`;

/** An argument that the server cannot start with. */
class BadOption extends Error {}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  // Loading takes a while: whoever asks to stop meanwhile is heard after it.
  const stopRequest = Promise.race(
    (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map((signal) => once(process, signal)),
  );
  try {
    const options = readOptions(args);
    if (options === 'help') {
      process.stdout.write(help);
      return 0;
    }
    const directory = await mkdtemp(join(tmpdir(), 'property-sync-databricks-'));
    try {
      const warehouse = await startDatabricksLocal(options);
      const { host, port, path, token, clientId, clientSecret, caPem } = warehouse;
      const caFile = join(directory, 'ca.pem');
      await writeFile(caFile, caPem);
      const access = { host, port, path, token, clientId, clientSecret, caFile };
      process.stdout.write(`${JSON.stringify(access)}\n`);
      await stopRequest;
      await warehouse.close();
      return 0;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  } catch (error) {
    process.stderr.write(`databricks-local: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function readOptions(args: readonly string[]): DatabricksLocalOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      'source-dir': { type: 'string' },
      'data-dir': { type: 'string' },
      'cold-start-ms': { type: 'string' },
      token: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { token, 'source-dir': sourceDir, 'data-dir': directory, 'cold-start-ms': coldStart } = values;
  return {
    port: readNumber('port', values.port, 65_535),
    ...(token === undefined ? {} : { token }),
    ...(sourceDir === undefined ? {} : { sourceDir }),
    ...(directory === undefined ? {} : { directory }),
    ...(coldStart === undefined ? {} : { coldStartMs: readNumber('cold-start-ms', coldStart, 3_600_000) }),
  };
}

function readNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > max) {
    throw new BadOption(`--${name} must be a whole number from 0 to ${max}, not '${text}'.`);
  }
  return number;
}
