import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

interface Configuration {
  readonly forbidden: NonNullable<ICruiseOptions['ruleSet']>['forbidden'];
  readonly options: ICruiseOptions;
}

const folders = ['src', 'middleware/src', 'local-org/src', 'scripts'];
const configuration = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as Configuration;

/**
 * Checks the allowed arrows, and that the checker saw every module: with a TypeScript it does not understand it sees none
 * and is silent.
 */
const { output } = await cruise(
  folders,
  { ...configuration.options, validate: true, ruleSet: { forbidden: configuration.forbidden ?? [] } },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { modules, summary } = output as ICruiseResult;
const seen = new Set(modules.map(({ source }) => source));
const unseen = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`)).filter((file) => !seen.has(file));

for (const { rule, from, to } of summary.violations) process.stderr.write(`${rule.name}: ${from} → ${to}\n`);
for (const file of unseen) process.stderr.write(`not seen by the checker: ${file}\n`);
if (summary.violations.length > 0 || unseen.length > 0) process.exit(1);
process.stdout.write(`arrows: ${String(summary.totalCruised)} modules, no violation\n`);
