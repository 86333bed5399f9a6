import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = new URL('node_modules/@salesforce/cli/bin/run.js', import.meta.url).pathname;
/** The plugin: the checkout, as `npm run build` left it. */
export const pluginRoot = new URL('../../../', import.meta.url).pathname;

/** How a command of the CLI ended. */
export interface SfResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed; throws, with all that was printed, where that is no JSON. */
  json<T = Record<string, unknown>>(): SfJson<T>;
}

/** The envelope that sf puts around a result. */
export interface SfJson<T> {
  readonly status: number;
  readonly result: T;
  readonly warnings: readonly string[];
  readonly name?: string;
  readonly message?: string;
  readonly actions?: readonly string[];
}

export interface SfOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Default: an empty folder of this CLI. */
  readonly cwd?: string;
}

/** The real sf CLI with a home of its own. */
export interface Sf {
  readonly home: string;
  /** Runs `sf` with these arguments to its end, in an empty folder and without a terminal. */
  run(args: readonly string[], options?: SfOptions): Promise<SfResult>;
  /** Logs in to an org by its access token, and makes it the default. */
  login(org: { readonly url: string; readonly accessToken: string }, alias: string): Promise<void>;
  /** Everything that the CLI has written below its home so far, its log among it. */
  readFiles(): Promise<string>;
  remove(): Promise<void>;
}

/** Nothing but the command itself: no telemetry, no update, no look at a registry, no colours. */
const quiet = {
  SF_DISABLE_TELEMETRY: 'true',
  SF_TELEMETRY_DISABLE_ACKNOWLEDGEMENT: 'true',
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
  SF_HIDE_RELEASE_NOTES: 'true',
  SF_DISABLE_LOG_FILE: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_USE_PROGRESS_BAR: 'false',
  OCLIF_DISABLE_LINKED_ESM_WARNING: 'true',
  OCLIF_DISABLE_ENGINE_WARNING: 'true',
  NO_COLOR: '1',
  CI: 'true',
  NPM_CONFIG_LOGLEVEL: 'error',
};

/** With this a command writes all that it can into its log file. */
export const loggingAll = { SF_DISABLE_LOG_FILE: 'false', SF_LOG_LEVEL: 'trace' };

/**
 * Makes a home and, unless told otherwise, links the plugin of this checkout.
 * @throws when the plugin cannot be linked: run `npm run -s tools` and `npm run -s build` first
 */
export async function openSf({ isLinked = true }: { isLinked?: boolean } = {}): Promise<Sf> {
  const home = await mkdtemp(join(tmpdir(), 'property-sync-sf-'));
  const folder = join(home, 'empty');
  await mkdir(folder);
  const { PATH = '', LANG = 'C.UTF-8' } = process.env;

  const run: Sf['run'] = (args, { env = {}, input = '', timeoutMs = 120_000, cwd = folder } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, ...args], {
        cwd,
        env: { PATH, LANG, HOME: home, ...quiet, ...env },
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (exitCode) => {
        const json: SfResult['json'] = <T>() => {
          try {
            return JSON.parse(stdout) as SfJson<T>;
          } catch (cause) {
            throw new Error(`sf ${args.join(' ')} printed no JSON:\n${stdout}\n${stderr}`, { cause });
          }
        };
        resolve({ exitCode, stdout, stderr, json });
      });
      // A command that ends without reading closes the pipe.
      child.stdin.on('error', () => undefined).end(input);
    });

  const must = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> => {
    const { exitCode, stdout, stderr } = await run(args, { env });
    if (exitCode !== 0)
      throw new Error(`sf ${args.join(' ')} ended with ${String(exitCode)}:\n${stdout}\n${stderr}`);
  };

  if (isLinked) await must(['plugins', 'link', pluginRoot, '--no-install']);
  return {
    home,
    run,
    login: ({ url, accessToken }, alias) =>
      must(
        [
          'org',
          'login',
          'access-token',
          '--instance-url',
          url,
          '--alias',
          alias,
          '--set-default',
          '--no-prompt',
        ],
        { SF_ACCESS_TOKEN: accessToken },
      ),
    readFiles: async () => {
      const entries = await readdir(home, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      const texts = await Promise.all(
        files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
      );
      return texts.join('\n');
    },
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}
