import { ORG_ID, USERS } from '../auth/users.ts';
import { findField, type ObjectSchema, type Row, type Value } from './schema.ts';

/** When the org and its users were made. */
const FOUNDED_MS = Date.parse('2020-01-01T00:00:00Z');

function toRow(object: ObjectSchema, values: Readonly<Record<string, Value>>): Row {
  const row: Value[] = object.fields.map((field) => field.defaultValue);
  const all: Record<string, Value> = {
    CreatedDate: FOUNDED_MS,
    CreatedById: USERS.admin.id,
    LastModifiedDate: FOUNDED_MS,
    LastModifiedById: USERS.admin.id,
    SystemModstamp: FOUNDED_MS,
    ...values,
  };
  for (const [name, value] of Object.entries(all)) {
    const field = findField(object, name);
    if (field) row[field.index] = value;
  }
  return row;
}

/** The records of the standard objects: the org itself and its users. */
export function standardRows(objects: readonly ObjectSchema[]): Map<string, Row[]> {
  const users = Object.values(USERS).map(({ id, name, username, userType }) => ({
    Id: id,
    Name: name,
    Username: username,
    Email: username,
    UserType: userType,
  }));
  const organization = {
    Id: ORG_ID,
    Name: 'Local Org',
    InstanceName: 'LOCAL',
    OrganizationType: 'Developer Edition',
  };
  const records: Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>> = {
    User: users,
    Organization: [organization],
  };
  return new Map(
    objects.map((object) => [object.name, (records[object.name] ?? []).map((each) => toRow(object, each))]),
  );
}
