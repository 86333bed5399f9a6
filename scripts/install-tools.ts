import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Installs the heavy tools that only tests need (test/tools/*), each by its own lock file, where they are not yet. */
for (const lock of globSync('test/tools/*/package-lock.json')) {
  const folder = dirname(lock);
  const installed = join(folder, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) continue;
  process.stderr.write(`Installing the tools of ${folder}…\n`);
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (status !== 0) {
    process.stderr.write(`Run "npm ci --prefix ${folder}" and see why it fails.\n`);
    process.exit(1);
  }
}
