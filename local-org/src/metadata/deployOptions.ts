import { z } from 'zod';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const names = z.union([z.array(z.string()), z.string().transform((name) => [name])]);

/**
 * How a package is deployed (Metadata API Developer Guide, "deploy()", DeployOptions). The same for SOAP, whose values
 * are text, and REST.
 */
export const deployOptions = z.object({
  /** Validates and changes nothing. */
  checkOnly: flag.default(false),
  /** All or nothing; production orgs insist on it. */
  rollbackOnError: flag.default(false),
  /** Whether a warning lets a component succeed. */
  ignoreWarnings: flag.default(false),
  /** The package lies at the top of the zip, not in a folder. */
  singlePackage: flag.default(false),
  purgeOnDelete: flag.default(false),
  testLevel: z
    .enum(['NoTestRun', 'RunSpecifiedTests', 'RunLocalTests', 'RunRelevantTests', 'RunAllTestsInOrg'])
    .optional(),
  runTests: names.default([]),
});

export type DeployOptions = z.infer<typeof deployOptions>;
