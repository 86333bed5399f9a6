import { checkViews } from '../../middleware/src/planning/checkViews.ts';
import { runChecks } from '../../middleware/src/planning/runChecks.ts';
import { renderSql, type SqlFiles } from '../../middleware/src/planning/sqlFiles.ts';
import { applyFirst, asRefusal, proved, refuted, unproved, type Proof } from './proof.ts';
import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';

/** Whether the warehouse can plan every view, snapshot and check, holds the views as they are here, and the rules hold. */
export async function viewProofs(warehouse: Warehouse, files: SqlFiles): Promise<Proof[]> {
  const held = await heldObjects(warehouse);
  const missingOf = (text: string, self?: string): string[] =>
    [
      ...new Set([...text.matchAll(/\$\{catalog\}\.\$\{schema\}\.(\w+)/g)].map(([, object = '']) => object)),
    ].filter((object) => object !== self && !held.has(object));
  const proofs: Proof[] = [];
  for (const kind of ['views', 'snapshots', 'checks'] as const) {
    for (const [object, text] of Object.entries(files[kind])) {
      const name = `${kind.slice(0, -1)} ${object}`;
      const missing = missingOf(text, object);
      proofs.push(
        missing.length > 0
          ? unproved('plans', name, `It reads what is not there: ${missing.join(', ')}.`, applyFirst)
          : await explainProof(warehouse, name, text),
      );
    }
  }
  proofs.push(await registryProof(warehouse, files, held));
  for (const [name, text] of Object.entries(files.checks)) {
    const missing = missingOf(text);
    proofs.push(
      missing.length > 0
        ? unproved('data', name, `It reads what is not there: ${missing.join(', ')}.`, applyFirst)
        : await checkProof(warehouse, name, text),
    );
  }
  return proofs;
}

async function heldObjects(warehouse: Warehouse): Promise<Set<string>> {
  const rows = await warehouse.query(
    `select table_name from system.information_schema.tables
     where table_catalog = :catalog and table_schema = :schema`,
    { catalog: warehouse.catalog, schema: warehouse.schema },
  );
  return new Set(rows.map((row) => String(row['table_name'])));
}

/** Spark plans without reading; what is wrong with a statement is an error, or stands in the text of the plan. */
async function explainProof(warehouse: Warehouse, name: string, text: string): Promise<Proof> {
  const action = 'Report it with the version of the warehouse: the SQL of the product is not what it takes.';
  const select = renderSql(text, warehouse).replace(/create or replace view \S+ as\n/, '');
  try {
    const [row] = await warehouse.query(`explain ${select}`);
    const plan = String(Object.values(row ?? {})[0] ?? '');
    const fault = /Error occurred during query planning:\s*([^]{0,300})/.exec(plan)?.[1];
    return fault === undefined
      ? proved('plans', name, 'It can be planned.')
      : refuted('plans', name, fault.trim(), action);
  } catch (error) {
    return refuted('plans', name, asRefusal(error).message, action);
  }
}

async function registryProof(
  warehouse: Warehouse,
  files: SqlFiles,
  held: ReadonlySet<string>,
): Promise<Proof> {
  const name = 'are as they were applied, and as they are here';
  if (!held.has('view_registry')) return unproved('views', name, 'No views have been applied.', applyFirst);
  try {
    const hashes = await checkViews(warehouse, files);
    return proved('views', name, `${Object.keys(hashes).length} objects`);
  } catch (error) {
    const refusal = asRefusal(error);
    return refuted('views', name, refusal.message, refusal.action);
  }
}

async function checkProof(warehouse: Warehouse, name: string, text: string): Promise<Proof> {
  try {
    await runChecks(warehouse, { checks: { [name]: text } });
    return proved('data', name, 'No row breaks it.');
  } catch (error) {
    const refusal = asRefusal(error);
    return refuted(
      'data',
      name,
      [refusal.message, ...refusal.details].join(' ').slice(0, 500),
      refusal.action,
    );
  }
}
