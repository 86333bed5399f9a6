import type { Connection } from '@salesforce/core';

/** One permission set and whether the user held it before. */
export interface Assignment {
  readonly permissionSet: string;
  readonly isNew: boolean;
}

/**
 * Gives the user these permission sets; one that the user holds already is left alone. Two API calls, and one more for
 * each that is missing.
 *
 * @throws Error when the org has no permission set of a name, or refuses an assignment.
 */
export async function assignPermissionSets(
  connection: Connection,
  userId: string,
  names: readonly string[],
): Promise<Assignment[]> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const [sets, held] = await Promise.all([
    connection.query<{ Id: string; Name: string }>(
      `SELECT Id, Name FROM PermissionSet WHERE Name IN (${list})`,
    ),
    connection.query<{ PermissionSetId: string }>(
      `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}'`,
    ),
  ]);
  const heldIds = new Set(held.records.map(({ PermissionSetId }) => PermissionSetId));
  const assignments: Assignment[] = [];
  for (const permissionSet of names) {
    const id = sets.records.find(({ Name }) => Name === permissionSet)?.Id;
    if (id === undefined) throw new Error(`The org has no permission set ${permissionSet}.`);
    const isNew = !heldIds.has(id);
    if (isNew) {
      await connection.sobject('PermissionSetAssignment').create({ AssigneeId: userId, PermissionSetId: id });
    }
    assignments.push({ permissionSet, isNew });
  }
  return assignments;
}
