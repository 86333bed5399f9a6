/**
 * Checks the metadata of the package without an org: against the types of the Metadata API, that each name in it and in
 * Apex exists, and that the controller is what the components are told. `--root DIR` names another project.
 */
import { parseArgs } from 'node:util';
import { runChecks } from './apex/runChecks.ts';
import { checkControllerContract } from './metadata/checkControllerContract.ts';
import { checkMetadataTypes } from './metadata/checkMetadataTypes.ts';
import { checkReferences } from './metadata/checkReferences.ts';

const { root } = parseArgs({ options: { root: { type: 'string', default: process.cwd() } } }).values;

process.exitCode = await runChecks('metadata', async () => [
  ...(await checkMetadataTypes(root)),
  ...(await checkReferences(root)),
  ...(await checkControllerContract(root)),
]);
