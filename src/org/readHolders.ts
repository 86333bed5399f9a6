import type { Connection } from '@salesforce/core';
import { packageNames } from './packageNames.ts';

/** Who holds our permission sets. */
export interface Holders {
  /** Names of our permission sets that the org lacks. */
  readonly missing: readonly string[];
  /** Names of our permission sets which the user who asks holds. */
  readonly heldByUser: readonly string[];
  /** User names of those who hold the integration set. */
  readonly integrationUsers: readonly string[];
}

/** So many holders of each set are looked at; the viewer set may have thousands. */
const maxHolders = 200;

/** Four API calls. */
export async function readHolders(connection: Connection): Promise<Holders> {
  const { viewer, operator, integration: integrationSet } = packageNames.permissionSets;
  const names = [viewer, operator, integrationSet];
  const list = names.map((name) => `'${name}'`).join(', ');
  const { user_id: userId } = await connection.identity();
  const [sets, held, integration] = await Promise.all([
    connection.query<{ Name: string }>(`SELECT Name FROM PermissionSet WHERE Name IN (${list})`),
    connection.query<{ PermissionSet: { Name: string } }>(
      `SELECT PermissionSet.Name FROM PermissionSetAssignment WHERE AssigneeId = '${userId}' AND PermissionSet.Name IN (${list})`,
    ),
    connection.query<{ Assignee: { Username: string } }>(
      `SELECT Assignee.Username FROM PermissionSetAssignment WHERE PermissionSet.Name = '${integrationSet}' LIMIT ${maxHolders}`,
    ),
  ]);
  return {
    missing: names.filter((name) => !sets.records.some(({ Name }) => Name === name)),
    heldByUser: held.records.map(({ PermissionSet }) => PermissionSet.Name),
    integrationUsers: integration.records.map(({ Assignee }) => Assignee.Username),
  };
}
