import type { OrgUser } from '../auth/users.ts';
import type { DeployMessage } from './deployMessage.ts';
import type { DeployOptions } from './deployOptions.ts';

/** Where a deploy stands (Metadata API Developer Guide, "DeployResult", status). */
export type DeployStatus =
  'Pending' | 'InProgress' | 'Succeeded' | 'SucceededPartial' | 'Failed' | 'Canceled';

/** A deploy, from request to end. */
export interface Deployment {
  readonly id: string;
  readonly options: DeployOptions;
  readonly user: OrgUser;
  readonly createdMs: number;
  zip: Buffer | undefined;
  status: DeployStatus;
  startedMs: number | undefined;
  completedMs: number | undefined;
  changedMs: number;
  messages: readonly DeployMessage[];
  /** Why the package as a whole could not be deployed. */
  error: { readonly code: string; readonly message: string } | undefined;
  /** Test methods that the classes of the deploy declare. */
  testMethods: number;
  /** Set when it has been deployed by a quick deploy. */
  isSpent: boolean;
  canceledBy: OrgUser | undefined;
}

export const isDone = ({ status }: Deployment): boolean => status !== 'Pending' && status !== 'InProgress';

/** A row of the manifest is no component. */
const isComponent = ({ componentType, success }: DeployMessage): boolean => componentType !== '' || !success;

/**
 * The DeployResult of SOAP and REST. Apex is not run here: `numTestsRun` stays 0, and a request for tests is answered by
 * a coverage warning that says so, never by a passed test.
 */
export function deployResult(deployment: Deployment, { includeDetails }: { includeDetails: boolean }) {
  const { options, messages, status, error, user, canceledBy } = deployment;
  const rows = messages.filter(isComponent);
  const failed = rows.filter(({ success }) => !success).length;
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    canceledBy: canceledBy?.id,
    canceledByName: canceledBy?.name,
    checkOnly: options.checkOnly,
    completedDate: iso(deployment.completedMs),
    createdBy: user.id.slice(0, 15),
    createdByName: user.name,
    createdDate: iso(deployment.createdMs),
    details: includeDetails ? details(deployment) : undefined,
    done: isDone(deployment),
    errorMessage: error?.message,
    errorStatusCode: error?.code,
    id: deployment.id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: iso(deployment.changedMs),
    numberComponentErrors: failed,
    numberComponentsDeployed: isDone(deployment) ? rows.length - failed : 0,
    numberComponentsTotal: rows.length,
    numberTestErrors: 0,
    numberTestsCompleted: 0,
    numberTestsTotal: 0,
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: asksForTests(options),
    startDate: iso(deployment.startedMs),
    status,
    success: status === 'Succeeded' || status === 'SucceededPartial',
  };
}

const asksForTests = ({ testLevel, runTests }: DeployOptions): boolean =>
  runTests.length > 0 || (testLevel !== undefined && testLevel !== 'NoTestRun');

function details(deployment: Deployment) {
  const { messages, options, testMethods } = deployment;
  const message = `not emulated by local-org: Apex does not run; ${testMethods} test methods were found in the package and none was run`;
  return {
    componentFailures: messages.filter(({ success }) => !success),
    componentSuccesses: messages.filter(({ success }) => success),
    runTestResult: {
      codeCoverageWarnings:
        asksForTests(options) && isDone(deployment) ? [{ id: deployment.id, message }] : undefined,
      numFailures: 0,
      numTestsRun: 0,
      totalTime: 0,
    },
  };
}
