/** Writes the generated files of deploy/databricks; with `--check` says whether they are as they should be. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleDirectory, bundleFile } from './bundle/bundleDirectory.ts';
import { generateBundle } from './bundle/generateBundle.ts';

const files = await generateBundle();
// Every file of sql/ is generated: one that is not any more belongs to a target that was taken away.
const held = (await readdir(bundleFile('sql'), { recursive: true }).catch(() => []))
  .map((path) => join('sql', path))
  .filter((path) => path.endsWith('.sql') && !(path in files));

if (process.argv.includes('--check')) {
  const stale: string[] = [...held];
  for (const [path, text] of Object.entries(files)) {
    if ((await readFile(bundleFile(path), 'utf8').catch(() => '')) !== text) stale.push(path);
  }
  if (stale.length > 0) {
    process.stderr.write(
      `Out of date in deploy/databricks: ${stale.join(', ')}. Write them with: npm run bundle\n`,
    );
    process.exitCode = 1;
  }
} else {
  for (const path of held) await rm(join(bundleDirectory, path));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(bundleFile(path)), { recursive: true });
    await writeFile(bundleFile(path), text);
  }
}
