import { checkSources } from '../../middleware/src/planning/checkSources.ts';
import type { SourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { identifier } from '../../middleware/src/planning/sourceViews.ts';
import { asRefusal, proved, refuted, type Proof } from './proof.ts';
import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';

const qualified = (table: string): string => table.split('.').map(identifier).join('.');

/** Whether every source table can be read, and has the columns of its contract. */
export async function sourceProofs(warehouse: Warehouse, names: SourceNames): Promise<Proof[]> {
  const proofs = await contractProofs(warehouse, names);
  for (const { table } of Object.values(names)) {
    try {
      const rows = await warehouse.query(`select 1 as one from ${qualified(table)} limit 1`);
      proofs.push(
        proved('source', `${table} can be read`, rows.length === 0 ? 'It holds no row.' : 'A row was read.'),
      );
    } catch (error) {
      proofs.push(
        refuted(
          'source',
          `${table} can be read`,
          asRefusal(error).message,
          `Correct its name in the settings, or: grant select on table ${table} to the service principal.`,
        ),
      );
    }
  }
  return proofs;
}

async function contractProofs(warehouse: Warehouse, names: SourceNames): Promise<Proof[]> {
  const name = 'columns are those of the contract';
  try {
    await checkSources(warehouse, names);
    return [
      proved(
        'source',
        name,
        Object.values(names)
          .map(({ table }) => table)
          .join(', '),
      ),
    ];
  } catch (error) {
    const refusal = asRefusal(error);
    const findings = refusal.code === 'SOURCE_INVALID' ? refusal.details : [refusal.message];
    return findings.map((finding) => refuted('source', name, finding, refusal.action));
  }
}
