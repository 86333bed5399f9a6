import type { Row, SqlParameters, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { asRefusal, proved, refuted, unproved, type Proof } from './proof.ts';

interface Question {
  readonly name: string;
  readonly sql: string;
  readonly parameters?: SqlParameters;
  readonly isRight: (row: Row) => boolean;
  readonly detail: string;
  readonly action: string;
}

const noon = '2026-01-05T12:00:00.000Z';

const questions: readonly Question[] = [
  {
    name: 'parameters arrive',
    sql: 'select :text as text, :number as number',
    parameters: { text: "it's", number: 7 },
    isRight: ({ text, number }) => text === "it's" && number === 7,
    detail: 'The protocol is one that carries parameters.',
    action: 'Use a SQL warehouse of a current version: an older protocol drops parameters in silence.',
  },
  {
    name: 'numbers are exact',
    sql: `select cast(9007199254740993 as bigint) as big, cast('12345678901234567890.123456789' as decimal(38, 9)) as exact`,
    isRight: ({ big, exact }) => big === 9_007_199_254_740_993n && exact === '12345678901234567890.123456789',
    detail: 'A bigint and a decimal come back as they are.',
    action: 'Report it: the driver reads numbers of this warehouse otherwise.',
  },
  {
    name: 'time zone is UTC',
    sql: `select cast('2026-01-05 12:00:00' as timestamp) as noon`,
    isRight: ({ noon: value }) => value instanceof Date && value.toISOString() === noon,
    detail: `A timestamp without a zone is read as UTC.`,
    action: 'Look for a setting of the warehouse that fixes the time zone of its sessions.',
  },
  {
    name: 'date is whole',
    sql: `select cast('2026-01-05' as date) as day`,
    isRight: ({ day }) => day instanceof Date && day.toISOString() === '2026-01-05T00:00:00.000Z',
    detail: 'A date stays on its day.',
    action: 'Report it: the driver reads dates of this warehouse otherwise.',
  },
];

/** What every statement of the product takes for granted of its session. */
export async function sessionProofs(warehouse: Warehouse): Promise<Proof[]> {
  const proofs = [await versionProof(warehouse)];
  for (const question of questions) proofs.push(await ask(warehouse, question));
  proofs.push(await ansiProof(warehouse));
  return proofs;
}

async function versionProof(warehouse: Warehouse): Promise<Proof> {
  const [row] = await warehouse
    .query('select version() as version, current_user() as principal')
    .catch(async (error: unknown) => {
      asRefusal(error);
      return warehouse.query('select version() as version');
    });
  const as = row?.['principal'] == null ? '' : `, logged in as ${String(row['principal'])}`;
  return proved('session', 'warehouse answers', `version ${String(row?.['version'])}${as}`);
}

async function ask(warehouse: Warehouse, question: Question): Promise<Proof> {
  const { name, sql, parameters, isRight, detail, action } = question;
  try {
    const [row = {}] = await warehouse.query(sql, parameters);
    return isRight(row)
      ? proved('session', name, detail)
      : refuted('session', name, `It answered ${Object.values(row).map(String).join(', ')}.`, action);
  } catch (error) {
    return unproved('session', name, asRefusal(error).message, action);
  }
}

/** Without ANSI mode what cannot be cast becomes NULL, and differences would be written as empty values. */
async function ansiProof(warehouse: Warehouse): Promise<Proof> {
  try {
    await warehouse.query(`select cast('x' as int) as number`);
  } catch (error) {
    asRefusal(error);
    return proved('session', 'ANSI mode is on', 'What cannot be cast is an error.');
  }
  return refuted(
    'session',
    'ANSI mode is on',
    'A text that is no number was cast to NULL.',
    'Look for a setting of the warehouse that switches ANSI_MODE off for its sessions.',
  );
}
