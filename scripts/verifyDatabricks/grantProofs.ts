import type { SourceNames } from '../../middleware/src/planning/sourceContract.ts';
import type { Row, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { validName } from '../../middleware/src/ports/identifiers.ts';
import { asRefusal, proved, unproved, type Proof } from './proof.ts';

interface Need {
  readonly privilege: string;
  readonly object: string;
}

/**
 * Whether the grants that the middleware needs can be seen: on itself or on a group that it is a member of. What cannot be
 * seen is not refuted, since an owner needs no grant and not everybody may look at grants.
 */
export async function grantProofs(
  warehouse: Warehouse,
  names: SourceNames,
  volume?: string,
): Promise<Proof[]> {
  const grants = new Map<string, Promise<Row[]>>();
  const grantsOn = (object: string): Promise<Row[]> => {
    const asked = grants.get(object) ?? warehouse.query(`show grants on ${object}`);
    grants.set(object, asked);
    return asked;
  };
  const isMe = membership(warehouse);
  const proofs: Proof[] = [];
  for (const { privilege, object } of needsOf(warehouse, names, volume)) {
    const name = `${privilege} on ${object}`;
    const action = `If it is missing: grant ${privilege.toLowerCase()} on ${object} to the service principal.`;
    try {
      const holders = (await grantsOn(object))
        .filter((row) => [privilege, 'ALL PRIVILEGES', 'OWN'].includes(words(read(row, 'actiontype'))))
        .map((row) => read(row, 'principal'));
      let holder: string | undefined;
      for (const each of new Set(holders)) if (holder === undefined && (await isMe(each))) holder = each;
      proofs.push(
        holder === undefined
          ? unproved('grants', name, 'No such grant was seen.', action)
          : proved('grants', name, `granted to ${holder}`),
      );
    } catch (error) {
      proofs.push(
        unproved('grants', name, `Grants cannot be looked at: ${asRefusal(error).message}`, action),
      );
    }
  }
  return proofs;
}

function needsOf({ catalog, schema }: Warehouse, names: SourceNames, volume: string | undefined): Need[] {
  const tables = Object.values(names).map(({ table }) => validName(table));
  const upTo = (count: number): string[] => tables.map((table) => table.split('.').slice(0, count).join('.'));
  const home = `${catalog}.${schema}`;
  return [
    ...[...new Set([catalog, ...upTo(1)])].map((name) => ({
      privilege: 'USE CATALOG',
      object: `catalog ${name}`,
    })),
    ...[...new Set([home, ...upTo(2)])].map((name) => ({
      privilege: 'USE SCHEMA',
      object: `schema ${name}`,
    })),
    ...['CREATE TABLE', 'CREATE FUNCTION'].map((privilege) => ({ privilege, object: `schema ${home}` })),
    ...tables.map((name) => ({ privilege: 'SELECT', object: `table ${name}` })),
    ...(volume === undefined ? [] : ['READ VOLUME', 'WRITE VOLUME']).map((privilege) => ({
      privilege,
      object: `volume ${validName(`${home}.${volume ?? ''}`)}`,
    })),
  ];
}

/** Tells whether a name is that of the login or of a group that it is in. */
function membership(warehouse: Warehouse): (principal: string) => Promise<boolean> {
  const known = new Map<string, boolean>();
  return async (principal) => {
    const before = known.get(principal);
    if (before !== undefined) return before;
    const [row] = await warehouse.query(
      'select current_user() = :principal or is_account_group_member(:principal) as is_me',
      { principal },
    );
    known.set(principal, row?.['is_me'] === true);
    return row?.['is_me'] === true;
  };
}

/** Names of columns and of privileges are written in several ways. */
const words = (text: string): string => text.toUpperCase().replaceAll('_', ' ');
const read = (row: Row, column: string): string => {
  const found = Object.entries(row).find(([name]) => name.toLowerCase().replaceAll('_', '') === column);
  return String(found?.[1] ?? '');
};
