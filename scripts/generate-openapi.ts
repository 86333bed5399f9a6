/** Writes docs/openapi.json from the table of routes; with `--check` says whether it is as it should be. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { openApiDocument } from '../middleware/src/http/openApi.ts';

const file = 'docs/openapi.json';

const text = await format(JSON.stringify(openApiDocument()), {
  ...(await resolveConfig(file)),
  filepath: file,
});
if (process.argv.includes('--check')) {
  const stored = await readFile(file, 'utf8').catch(() => '');
  if (stored !== text) {
    process.stderr.write(`${file} is not what the routes say. Write it with: npm run openapi\n`);
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
