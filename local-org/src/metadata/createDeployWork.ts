import type { Clock } from '../clock.ts';
import { standardObjects } from '../store/standardObjects.ts';
import { findField, getField } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Table } from '../store/table.ts';
import { ownName, parentOf, problem, type Component, type OrgComponent, type Problem } from './component.ts';
import type { Catalog, Components } from './createCatalog.ts';
import type { DeployWork } from './createDeployments.ts';
import { deployPackage } from './deployPackage.ts';
import { fieldDefinition } from './fieldDefinition.ts';
import { readPackage } from './readPackage.ts';
import { readZip } from './readZip.ts';
import { countTestMethods } from './validators/apex.ts';

/** The org that a package is deployed into. */
export interface DeployTarget {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly clock: Clock;
  /** Makes these the org's components. */
  apply(components: Components): void;
}

/** Deploys one package into the org, all of it at one moment. */
export function createDeployWork(org: DeployTarget): DeployWork {
  const { catalog, store, clock } = org;
  return async (deployment) => {
    const { options, zip } = deployment;
    const pack = readPackage(await readZip(zip ?? Buffer.alloc(0)));
    if (deployment.status !== 'InProgress') return;
    const plan = deployPackage(pack, options, {
      catalog,
      standardObjects: standardObjects(),
      nowMs: clock.nowMs(),
      userId: deployment.user.id,
      findDataProblems: (component) =>
        findDuplicates(component, store.findTable(parentOf(component.fullName))),
      findUse: (component) => findAssignment(catalog.find(component.type, component.fullName), store),
    });
    deployment.messages = plan.messages;
    deployment.testMethods = pack.components
      .filter(({ type }) => type === 'ApexClass')
      .reduce((sum, component) => sum + countTestMethods(component), 0);
    const failed = plan.messages.some(({ success }) => !success);
    const succeeded = plan.messages.some(({ success, componentType }) => success && componentType !== '');
    const isWhole = !failed;
    const isPartial = failed && succeeded && !options.rollbackOnError;
    if ((isWhole || isPartial) && !options.checkOnly) org.apply(plan.components);
    deployment.status = isWhole ? 'Succeeded' : isPartial ? 'SucceededPartial' : 'Failed';
  };
}

/**
 * A field cannot become unique while records hold the same value in it. That a deploy fails with it is believed, as are
 * the words; a real org may accept the field first and fail while it builds the index.
 */
function findDuplicates(component: Component, table: Table | undefined): Problem[] {
  if (component.type !== 'CustomField' || !table) return [];
  const definition = fieldDefinition(component.definition);
  const field = findField(table.object, ownName(component.fullName));
  if (!definition.isUnique || !field || field.isUnique) return [];
  const seen = new Set<unknown>();
  for (const row of table.rows()) {
    const value = table.isDeleted(row) ? null : (row[field.index] ?? null);
    const key = typeof value === 'string' && !definition.isCaseSensitive ? value.toLowerCase() : value;
    if (key !== null && seen.has(key)) {
      const message = `duplicate value found: ${field.name} cannot be unique, since records of ${table.object.name} hold the same value in it`;
      return [problem(message)];
    }
    seen.add(key);
  }
  return [];
}

/** A permission set that somebody has cannot be deleted [message believed]. */
function findAssignment(component: OrgComponent | undefined, store: Store): string | undefined {
  if (component?.type !== 'PermissionSet') return undefined;
  const table = store.table('PermissionSetAssignment');
  const { index } = getField(table.object, 'PermissionSetId');
  const isAssigned = [...table.rows()].some((row) => row[index] === component.id);
  return isAssigned
    ? `Cannot delete permission set ${component.fullName}, since it is assigned to users`
    : undefined;
}
