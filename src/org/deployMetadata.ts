import type { Connection } from '@salesforce/core';
import type { ComponentSet, MetadataApiDeployStatus } from '@salesforce/source-deploy-retrieve';
import { deployRows, type DeployRow } from './deployRows.ts';
import type { SentComponent } from './compareResults.ts';

export type TestLevel = 'NoTestRun' | 'RunSpecifiedTests' | 'RunLocalTests' | 'RunAllTestsInOrg';

export interface TestFailure {
  readonly className: string;
  readonly method: string;
  readonly message: string;
  readonly stack: string;
}

/** How a deploy stands. */
export interface DeployOutcome {
  readonly id: string;
  /** As the Metadata API names it: `Succeeded`, `Failed`, `InProgress`, … */
  readonly status: string;
  readonly isDone: boolean;
  readonly isSuccess: boolean;
  readonly sent: readonly SentComponent[];
  readonly rows: readonly DeployRow[];
  readonly tests: {
    readonly run: number;
    readonly failures: readonly TestFailure[];
    readonly coverage: readonly string[];
  };
  /** Why the org refused the deploy as a whole. */
  readonly message: string | null;
}

export interface DeployRequest {
  readonly checkOnly: boolean;
  /** Null where no test is to be named: the org's own default holds. */
  readonly tests: { readonly level: TestLevel; readonly classes: readonly string[] } | null;
  /** How long to wait for the end; 0 starts the deploy and leaves it. */
  readonly waitMinutes: number;
  readonly onUpdate: (text: string) => void;
}

/** Sends the components and waits; all or nothing is put into the org. */
export async function deployMetadata(
  connection: Connection,
  components: ComponentSet,
  request: DeployRequest,
): Promise<DeployOutcome> {
  const { checkOnly, tests, waitMinutes } = request;
  components.apiVersion = connection.getApiVersion();
  components.sourceApiVersion = connection.getApiVersion();
  const sent = await sentComponents(components);
  const deploy = await components.deploy({
    usernameOrConnection: connection,
    apiOptions: {
      checkOnly,
      rollbackOnError: true,
      ...(tests && { testLevel: tests.level }),
      ...(tests?.level === 'RunSpecifiedTests' && { runTests: [...tests.classes] }),
    },
  });
  const id = deploy.id ?? '';
  if (waitMinutes === 0) return { ...toOutcome(await deploy.checkStatus(), sent), id };
  deploy.onUpdate((status) => request.onUpdate(progressOf(status)));
  try {
    const { response } = await deploy.pollStatus(undefined, waitMinutes * 60);
    return { ...toOutcome(response, sent), id };
  } catch (error) {
    // The time is over, or the connection is: the org knows which.
    const status = await deploy.checkStatus();
    if (status.done) throw error;
    return { ...toOutcome(status, sent), id };
  }
}

/** What the manifests name: that is what the org must answer for. */
async function sentComponents(components: ComponentSet): Promise<SentComponent[]> {
  const manifests = [
    await components.getObject(),
    ...(await Promise.all(
      components.getTypesOfDestructiveChanges().map((type) => components.getObject(type)),
    )),
  ];
  return manifests.flatMap(({ Package }) =>
    Package.types
      // Labels answer one by one; the file that holds them is no component of the org.
      .filter(({ name }) => name !== 'CustomLabels')
      .flatMap(({ name, members }) => members.map((fullName) => ({ type: name, fullName }))),
  );
}

function toOutcome(status: MetadataApiDeployStatus, sent: readonly SentComponent[]): DeployOutcome {
  // A deploy that has only begun has no details, whatever the type says.
  const details = status.details as MetadataApiDeployStatus['details'] | undefined;
  const result = details?.runTestResult;
  return {
    id: status.id,
    status: status.status,
    isDone: isTrue(status.done),
    isSuccess: isTrue(status.success),
    sent,
    rows: deployRows(details),
    tests: {
      run: Number(result?.numTestsRun ?? 0),
      failures: [result?.failures ?? []].flat().map((failure) => ({
        className: failure.name,
        method: failure.methodName,
        message: failure.message,
        stack: failure.stackTrace,
      })),
      coverage: [result?.codeCoverageWarnings ?? []].flat().map(({ message }) => message),
    },
    message: status.errorMessage ?? null,
  };
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';

function progressOf(status: MetadataApiDeployStatus): string {
  const { numberComponentsDeployed, numberComponentsTotal, numberTestsCompleted, numberTestsTotal } = status;
  if (numberComponentsTotal === 0) return status.status;
  const tests = numberTestsTotal > 0 ? `, ${numberTestsCompleted}/${numberTestsTotal} tests` : '';
  return `${numberComponentsDeployed}/${numberComponentsTotal} components${tests}`;
}
