import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { listCommands } from './commands/listCommands.ts';
import { resultSchemas } from './commands/resultSchemas.ts';

/**
 * Writes what the plugin promises: the names of its commands and flags (command-snapshot.json) and a JSON schema of what
 * each command answers with `--json` (schemas/). With `--check` says whether it is as it should be. Needs `npm run build`.
 */
const commands = await listCommands(process.cwd());
const files = new Map<string, unknown>([['command-snapshot.json', commands]]);
for (const [command, schema] of Object.entries(resultSchemas)) {
  files.set(`schemas/${fileOf(command)}`, {
    ...z.toJSONSchema(schema, { io: 'output', override: ({ jsonSchema }) => loosen(jsonSchema) }),
    title: `sf ${command.replaceAll(':', ' ')} --json`,
    description: 'What stands under "result". Names may be added; none is taken away or changes its meaning.',
  });
}

const faults = commands
  .filter(({ command }) => !files.has(`schemas/${fileOf(command)}`))
  .map(({ command }) => `${command} has no schema of its result (scripts/commands/resultSchemas.ts)`);
await mkdir('schemas', { recursive: true });
for (const name of await readdir('schemas')) {
  if (!files.has(`schemas/${name}`)) faults.push(`schemas/${name} belongs to no command`);
}
for (const [file, content] of files) {
  const text = await format(JSON.stringify(content), { ...(await resolveConfig(file)), filepath: file });
  if (!process.argv.includes('--check')) await writeFile(file, text);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== text)
    faults.push(`${file} is not what the commands say`);
}
if (faults.length > 0) {
  process.stderr.write(
    `${faults.join('\n')}\nIf the change is meant, write them with: node scripts/check-commands.ts, and tell users in CHANGELOG.md.\n`,
  );
  process.exitCode = 1;
}

/** A newer middleware may say more; and a format says what its pattern says. */
function loosen(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.format !== undefined) delete schema.pattern;
}

function fileOf(command: string): string {
  return `${command.replaceAll(':', '-')}.json`;
}
