import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/**
 * A Chromium: the one that CHROMIUM_PATH names, one that is here, Debian's package where it can be installed, else
 * Playwright's own download. Says on stderr which.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser() ?? installPackage() ?? download();
  process.stderr.write(`Browser: ${executablePath}\n`);
  return chromium.launch({ executablePath, args: flags });
}

function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** As root on Debian; its package brings what it needs from the system with it. */
function installPackage(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  process.stderr.write("Installing Debian's chromium…\n");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['-qq', 'update'], { env, stdio: 'ignore' });
    execFileSync('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', 'chromium'], {
      ...{ env, stdio: 'ignore' },
    });
  } catch {
    return undefined;
  }
  return findBrowser();
}

function download(): string {
  const path = chromium.executablePath();
  if (existsSync(path)) return path;
  process.stderr.write("Downloading Playwright's Chromium…\n");
  const cli = join(import.meta.dirname, 'node_modules/playwright-core/cli.js');
  execFileSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return path;
}
