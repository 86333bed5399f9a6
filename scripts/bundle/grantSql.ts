import { validName } from '../../middleware/src/ports/identifiers.ts';
import type { BundleTarget } from './readTargets.ts';

/** Views that people look at: all the dashboard reads. */
const readerViews = ['sync_monitoring_dashboard', 'property_sync_audit_log'];

/** Who may use which catalog, and what the middleware may read: for whoever owns the catalogs and the source. */
export function sourceGrants(target: BundleTarget): string[] {
  const middleware = principal(target.middlewarePrincipal);
  const readers = principal(target.readersGroup);
  const tables = target.sourceTables.map(validName);
  const partsOf = (count: number): string[] => [
    ...new Set(tables.map((table) => table.split('.').slice(0, count).join('.'))),
  ];
  const catalogs = [...new Set([validName(target.catalog), ...partsOf(1)])];
  return [
    ...catalogs.map((catalog) => `grant use catalog on catalog ${catalog} to ${middleware}`),
    `grant use catalog on catalog ${validName(target.catalog)} to ${readers}`,
    ...partsOf(2).map((schema) => `grant use schema on schema ${schema} to ${middleware}`),
    ...tables.map((table) => `grant select on table ${table} to ${middleware}`),
  ];
}

/** What readers may look at; given by the owner of the views. */
export function readerGrants({ catalog, schema, readersGroup }: BundleTarget): string[] {
  return readerViews.map(
    (view) =>
      `grant select on view ${validName(`${catalog}.${schema}.${view}`)} to ${principal(readersGroup)}`,
  );
}

/** The name of a user, a group or a service principal, quoted. */
function principal(name: string): string {
  if (/^[^`\s][^`\n]{0,254}$/.test(name)) return `\`${name}\``;
  throw new Error(`"${name}" is not a name of a user, a group or a service principal.`);
}
