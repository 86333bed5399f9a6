import { SfError, type Connection } from '@salesforce/core';
import type { AppliedViews, Finding } from '../../middleware/src/contracts/doctor.ts';
import { assignPermissionSets, type Assignment } from './assignPermissionSets.ts';
import { checkOrg } from './checkOrg.ts';
import { compareResults } from './compareResults.ts';
import { countSurplusRows, noSurplusRows, type SurplusRows } from './countSurplusRows.ts';
import { decideDeploy, decidingTypes, type DeployDecision, type OrgState } from './decideDeploy.ts';
import { deployMetadata, type DeployOutcome, type TestLevel } from './deployMetadata.ts';
import type { DeployProblem } from './deployProblem.ts';
import { describeObject } from './describeObject.ts';
import { findProblems } from './findProblems.ts';
import { customerObjects, packageNames } from './packageNames.ts';
import { readOrgComponents } from './readOrgComponents.ts';
import { readOrgKind } from './readOrgKind.ts';
import { readPackage, type SourcePackage } from './readPackage.ts';
import { storeSecret } from './storeSecret.ts';

export interface DeployOptions {
  readonly isDryRun: boolean;
  readonly withObjects: boolean;
  /** As `parseMiddlewareUrl` gives it; null leaves the address of the org as it is. */
  readonly middlewareUrl: string | null;
  /** The API key; null leaves that of the org as it is. */
  readonly secret: string | null;
  /** Makes the views in the warehouse, once the metadata is there; null leaves them alone. */
  readonly applyViews: (() => Promise<AppliedViews>) | null;
  /** Permission sets for the user who deploys. */
  readonly permissionSets: readonly string[];
  readonly testLevel: TestLevel;
  /** 0 starts the deploy and does not wait for its end. */
  readonly waitMinutes: number;
}

/** Tells a person what goes on. */
export interface DeployProgress {
  start(stage: string): void;
  update(text: string): void;
  /** The stage has ended, with this in a few words. */
  stop(text: string): void;
}

export type ComponentState = 'Created' | 'Changed' | 'Unchanged' | 'Left';

export interface DeployReport {
  /** `Refused` when nothing was sent; otherwise as the Metadata API names it. */
  readonly status: string;
  readonly deployId: string | null;
  readonly isDryRun: boolean;
  readonly components: readonly {
    readonly type: string;
    readonly fullName: string;
    readonly state: ComponentState;
    /** Why it was left as it is. */
    readonly reason: string | null;
  }[];
  readonly problems: readonly DeployProblem[];
  readonly testsRun: number;
  /** What the org remarks about tests and coverage without failing the deploy. */
  readonly remarks: readonly string[];
  readonly key: { readonly isUnique: boolean; readonly surplus: SurplusRows };
  readonly assignments: readonly Assignment[];
  readonly isSecretStored: boolean;
  /** The views in the warehouse; null when they were not asked for, or could not be made. */
  readonly views: AppliedViews | null;
  /** What the check after the deploy saw; empty when it was not reached. */
  readonly findings: readonly Finding[];
}

/**
 * Puts the package into the org: looks first, refuses what cannot end well, sends, believes only the component results,
 * and then does what metadata cannot do. Run twice it changes nothing.
 */
export async function deployToOrg(
  connection: Connection,
  options: DeployOptions,
  progress: DeployProgress,
): Promise<DeployReport> {
  const source = readPackage();
  progress.start('Reading the org');
  const kind = await readOrgKind(connection);
  const org = await readOrg(connection, source);
  const decision = decideDeploy(source, org, options);
  const { surplus } = org;
  const refusals = [...decision.problems, ...testRefusal(options.testLevel, kind.isProduction)];
  progress.stop(
    refusals.length > 0 ? 'it cannot take the deploy yet' : `ready, ${decision.left.length} left as they are`,
  );
  const report: DeployReport = {
    status: 'Refused',
    deployId: null,
    isDryRun: options.isDryRun,
    components: decision.left.map(({ component: { type, fullName }, reason }) => ({
      type,
      fullName,
      state: 'Left',
      reason,
    })),
    problems: refusals,
    testsRun: 0,
    remarks: [],
    key: { isUnique: decision.isKeyUnique, surplus },
    assignments: [],
    isSecretStored: false,
    views: null,
    findings: [],
  };
  if (refusals.length > 0) return report;

  const outcome = await send(connection, source, decision, options, progress);
  const deployed = { ...report, ...judgeOutcome(source, outcome, report) };
  if (deployed.status !== 'Succeeded' || options.isDryRun) return deployed;
  return { ...deployed, ...(await finish(connection, source, options, progress)) };
}

async function readOrg(connection: Connection, source: SourcePackage): Promise<OrgState> {
  const [existing, ...described] = await Promise.all([
    readOrgComponents(connection, decidingTypes(source.components)),
    ...customerObjects.map(async (object) => [object, await describeObject(connection, object)] as const),
  ]);
  const objects = new Map(described);
  const hasKey = objects.get(packageNames.stagingObject)?.has(packageNames.keyField) === true;
  return { existing, objects, surplus: hasKey ? await countSurplusRows(connection) : noSurplusRows };
}

/** Salesforce takes Apex into production only with tests. */
function testRefusal(testLevel: TestLevel, isProduction: boolean): DeployProblem[] {
  if (!isProduction || testLevel !== 'NoTestRun') return [];
  return [
    {
      type: '',
      fullName: '--test-level NoTestRun',
      problem: 'This is a production org, and Apex goes there only with its tests.',
      action: 'Leave --test-level out: our own tests are run, and no others.',
      file: '',
      line: null,
      column: null,
    },
  ];
}

async function send(
  connection: Connection,
  source: SourcePackage,
  decision: DeployDecision,
  options: DeployOptions,
  progress: DeployProgress,
): Promise<DeployOutcome> {
  progress.start(options.isDryRun ? 'Validating metadata' : 'Deploying metadata');
  const outcome = await deployMetadata(connection, source.select(decision.send, decision.texts), {
    checkOnly: options.isDryRun,
    tests: source.testClasses.length === 0 ? null : { level: options.testLevel, classes: source.testClasses },
    waitMinutes: options.waitMinutes,
    onUpdate: (text) => progress.update(text),
  });
  const { accepted } = compareResults(outcome.sent, outcome.rows);
  progress.stop(
    outcome.isDone
      ? `${outcome.status}, ${accepted.length} of ${outcome.sent.length} components`
      : outcome.status,
  );
  return outcome;
}

/** What the component results make of the deploy, whatever its status says. */
function judgeOutcome(
  source: SourcePackage,
  outcome: DeployOutcome,
  report: DeployReport,
): Pick<DeployReport, 'status' | 'deployId' | 'components' | 'problems' | 'testsRun' | 'remarks'> {
  const comparison = compareResults(outcome.sent, outcome.rows);
  const problems = outcome.isDone ? findProblems(source.components, outcome, comparison) : [];
  const isFailed = outcome.isDone && (problems.length > 0 || !outcome.isSuccess);
  return {
    status: isFailed && outcome.status === 'Succeeded' ? 'Failed' : outcome.status,
    deployId: outcome.id,
    components: [
      ...comparison.accepted.map(({ type, fullName, state }) => ({
        type,
        fullName,
        state: state === 'Created' || state === 'Changed' ? state : ('Unchanged' as const),
        reason: null,
      })),
      ...report.components,
    ],
    problems,
    testsRun: outcome.tests.run,
    remarks: outcome.isSuccess ? outcome.tests.coverage : [],
  };
}

/** What no metadata can do: who may, the secret, the views, and a look at what is there now. */
async function finish(
  connection: Connection,
  source: SourcePackage,
  { permissionSets, secret, applyViews }: DeployOptions,
  progress: DeployProgress,
): Promise<Pick<DeployReport, 'assignments' | 'isSecretStored' | 'views' | 'findings' | 'problems'>> {
  const problems: DeployProblem[] = [];
  /** One step; its failure is told and does not keep the next one from being tried. */
  async function step<T>(
    stage: string,
    what: string,
    work: () => Promise<T>,
    tell: (done: T) => string,
  ): Promise<T | null> {
    progress.start(stage);
    try {
      const done = await work();
      progress.stop(tell(done));
      return done;
    } catch (error) {
      progress.stop('failed');
      problems.push({
        type: '',
        fullName: what,
        problem: error instanceof Error ? error.message : String(error),
        action: [
          ...(error instanceof SfError ? (error.actions ?? []) : []),
          'The metadata is in place. Mend this and deploy again: what is there stays.',
        ].join('\n'),
        file: '',
        line: null,
        column: null,
      });
      return null;
    }
  }

  const assignments =
    permissionSets.length === 0
      ? []
      : await step(
          'Assigning permission sets',
          '--assign-permission-sets',
          async () => {
            const { user_id: userId } = await connection.identity();
            return await assignPermissionSets(connection, userId, permissionSets);
          },
          (done) => `${done.filter(({ isNew }) => isNew).length} of ${done.length} are new to you`,
        );
  const stored =
    secret === null
      ? false
      : await step(
          'Storing the API key',
          'the API key',
          async () => {
            await storeSecret(connection, secret);
            return true;
          },
          () => 'done',
        );
  const views =
    applyViews === null
      ? null
      : await step(
          'Making the warehouse views',
          '--with-views',
          applyViews,
          (done) => `${Object.keys(done.views).length} are as they should be`,
        );
  const findings = await step(
    'Checking the org',
    'the check of the org',
    () => checkOrg(connection, { source }),
    (done) => {
      const passed = done.filter(({ level }) => level === 'ok').length;
      return `${passed} of ${done.length} checks passed`;
    },
  );
  return {
    assignments: assignments ?? [],
    isSecretStored: stored ?? false,
    views,
    findings: findings ?? [],
    problems,
  };
}
