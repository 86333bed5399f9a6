/**
 * Checks the Apex of the package as hard as is possible without an org: format, types, and the rules of PMD and of the
 * Graph Engine. With `--fix` it formats first; `--root DIR` names another project.
 */
import { parseArgs } from 'node:util';
import { checkFormat } from './apex/checkFormat.ts';
import { checkRules } from './apex/checkRules.ts';
import { checkTypes } from './apex/checkTypes.ts';
import { runChecks } from './apex/runChecks.ts';

const { values } = parseArgs({
  options: { fix: { type: 'boolean', default: false }, root: { type: 'string', default: process.cwd() } },
});
const { root } = values;

process.exitCode = await runChecks('apex', async () => {
  const findings = [...(await checkFormat(root, { isFixing: values.fix })), ...(await checkTypes(root))];
  // The rules need files that parse.
  return findings.length > 0 ? findings : checkRules(root);
});
