import type { Connection } from '@salesforce/core';
import { compareResults } from './compareResults.ts';
import { countValues } from './countValues.ts';
import { decideUndeploy, type Kept } from './decideUndeploy.ts';
import { deployMetadata } from './deployMetadata.ts';
import type { DeployProblem } from './deployProblem.ts';
import type { DeployProgress } from './deployToOrg.ts';
import { describeObject } from './describeObject.ts';
import { findProblems } from './findProblems.ts';
import { fieldOf, objectOf, type PackageComponent } from './packageComponent.ts';
import { customerObjects } from './packageNames.ts';
import { readOrgComponents, typesOf } from './readOrgComponents.ts';
import { readPackage, type SourcePackage } from './readPackage.ts';

/** One permission set in the hands of one user. */
interface HeldSet {
  readonly Id: string;
  readonly AssigneeId: string;
  readonly PermissionSetId: string;
}

/** What an undeploy would do; nothing is changed yet. */
export interface UndeployPlan {
  readonly source: SourcePackage;
  readonly first: readonly PackageComponent[];
  readonly last: readonly PackageComponent[];
  readonly kept: readonly Kept[];
  /** Users lose these permission sets: Salesforce deletes none that somebody holds. */
  readonly assignments: readonly HeldSet[];
}

export interface UndeployOutcome {
  /** As the Metadata API names it. */
  readonly status: string;
  readonly deployId: string;
  readonly problems: readonly DeployProblem[];
}

/** Looks at what the org has of the package and what that holds. */
export async function planUndeploy(
  connection: Connection,
  options: { readonly withObjects: boolean },
): Promise<UndeployPlan> {
  const source = readPackage();
  const existing = await readOrgComponents(connection, typesOf(source.components));
  const objects = new Map(
    await Promise.all(
      customerObjects.map(async (object) => [object, await describeObject(connection, object)] as const),
    ),
  );
  const data = new Map<string, Awaited<ReturnType<typeof countValues>>>();
  for (const [object, fields] of objects) {
    if (fields === null) continue;
    const ours = source.components
      .filter(({ type, fullName }) => type === 'CustomField' && objectOf(fullName) === object)
      .flatMap(({ fullName }) => fields.get(fieldOf(fullName)) ?? []);
    data.set(object, await countValues(connection, object, ours));
  }
  const decision = decideUndeploy(source, { existing, objects, data }, options);
  return { source, ...decision, assignments: await readHeldSets(connection, setsIn(decision.first)) };
}

/** Carries out the plan, all or nothing; when the org refuses, the users get their permission sets back. */
export async function undeployFromOrg(
  connection: Connection,
  { source, first, last, assignments }: UndeployPlan,
  { waitMinutes, progress }: { readonly waitMinutes: number; readonly progress: DeployProgress },
): Promise<UndeployOutcome> {
  if (assignments.length > 0) {
    progress.start('Taking the permission sets from users');
    await connection.sobject('PermissionSetAssignment').destroy(
      assignments.map(({ Id }) => Id),
      { allowRecursive: true },
    );
    progress.stop(`${assignments.length} taken`);
  }
  progress.start('Removing metadata');
  const outcome = await deployMetadata(connection, source.selectDeletion(first, last), {
    checkOnly: false,
    tests: null,
    waitMinutes,
    onUpdate: (text) => progress.update(text),
  });
  progress.stop(outcome.status);
  const problems = outcome.isDone
    ? findProblems(source.components, outcome, compareResults(outcome.sent, outcome.rows))
    : [];
  if (outcome.isDone && !outcome.isSuccess)
    problems.push(...(await giveBack(connection, setsIn(first), assignments)));
  const isBroken = problems.length > 0 && outcome.status === 'Succeeded';
  return { status: isBroken ? 'Failed' : outcome.status, deployId: outcome.id, problems };
}

const setsIn = (components: readonly PackageComponent[]): string[] =>
  components.filter(({ type }) => type === 'PermissionSet').map(({ fullName }) => fullName);

async function readHeldSets(connection: Connection, sets: readonly string[]): Promise<HeldSet[]> {
  if (sets.length === 0) return [];
  const list = sets.map((name) => `'${name}'`).join(', ');
  const { records } = await connection.query<HeldSet>(
    `SELECT Id, AssigneeId, PermissionSetId FROM PermissionSetAssignment WHERE PermissionSet.Name IN (${list})`,
    { autoFetch: true, maxFetch: 50_000 },
  );
  return records;
}

/** Says which users did not get theirs back, as is read afterwards; one who never lost it has it still. */
async function giveBack(
  connection: Connection,
  sets: readonly string[],
  assignments: readonly HeldSet[],
): Promise<DeployProblem[]> {
  if (assignments.length === 0) return [];
  await connection.sobject('PermissionSetAssignment').create(
    assignments.map(({ AssigneeId, PermissionSetId }) => ({ AssigneeId, PermissionSetId })),
    { allowRecursive: true },
  );
  const held = new Set((await readHeldSets(connection, sets)).map(holdingOf));
  const lost = assignments.filter((assignment) => !held.has(holdingOf(assignment)));
  if (lost.length === 0) return [];
  const users = [...new Set(lost.map(({ AssigneeId }) => AssigneeId))];
  return [
    {
      type: 'PermissionSetAssignment',
      fullName: `${lost.length} of ${assignments.length}`,
      problem: `Users lost permission sets, and did not get them back: ${users.join(', ')}.`,
      action: 'Give them back: sf org assign permset --on-behalf-of <user name> --name <permission set>.',
      file: '',
      line: null,
      column: null,
    },
  ];
}

const holdingOf = ({ AssigneeId, PermissionSetId }: HeldSet): string => `${AssigneeId} ${PermissionSetId}`;
