import { features, wideTablePrefixes } from '../contracts/index.ts';
import { mirrorState, productPropertyMirror } from '../mirror/mirrorTables.ts';
import { checkSourceFreshness } from '../planning/checkSourceFreshness.ts';
import { checkSources } from '../planning/checkSources.ts';
import { checkViews } from '../planning/checkViews.ts';
import type { SourceNames } from '../planning/sourceContract.ts';
import type { SqlFiles } from '../planning/sqlFiles.ts';
import type { Clock } from '../ports/clock.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { count, error, ok, warning, type Check } from './check.ts';

export interface WarehouseCheckDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly sqlFiles: SqlFiles;
  readonly settings: {
    readonly sourceNames: SourceNames;
    readonly sourceMaxAgeMs: number;
  };
}

/** What the warehouse must be: there, with its source as agreed and fresh, and with the product's own views. */
export function warehouseChecks({ warehouse, clock, sqlFiles, settings }: WarehouseCheckDeps): Check[] {
  const { sourceNames, sourceMaxAgeMs } = settings;
  const minutes = (ms: number): string => count(Math.round(ms / 60_000), 'minute');
  return [
    {
      name: 'warehouse.connection',
      async look() {
        const { isReady, detail } = await warehouse.health();
        return isReady
          ? ok(detail)
          : error(detail, 'Look at the state of the warehouse and at its credentials.');
      },
    },
    {
      name: 'warehouse.sources',
      async look() {
        await checkSources(warehouse, sourceNames);
        return ok(
          'Every source has the columns of its contract.',
          Object.values(sourceNames).map(({ table }) => table),
        );
      },
    },
    {
      name: 'warehouse.features',
      async look() {
        const counts = features.map(
          (feature) => `count(${wideTablePrefixes[feature]}_enabled) as ${feature}`,
        );
        const [row = {}] = await warehouse.query(
          `select count(*) as row_count, ${counts.join(', ')} from ${warehouse.name('source_property_feature_rows')}`,
        );
        const unmapped = features.filter((feature) => Number(row[feature]) === 0);
        if (Number(row['row_count']) === 0 || unmapped.length === 0) return ok('Every feature has a source.');
        return error(
          `The source says nothing of ${unmapped.join(', ')} for any property: a sync would switch it off in Salesforce.`,
          'Load the wide table of features, which alone holds document fraud (docs/load-rds.md), before anything is written.',
          unmapped,
        );
      },
    },
    {
      name: 'warehouse.freshness',
      async look() {
        const { syncedAt, isStale, liveRowCount } = await checkSourceFreshness(
          warehouse,
          clock.now(),
          sourceMaxAgeMs,
        );
        const age = syncedAt === null ? 0 : clock.now().getTime() - syncedAt.getTime();
        const said =
          syncedAt === null
            ? 'The source has never been ingested'
            : `The source was ingested ${minutes(age)} ago and holds ${count(liveRowCount, 'live row')}`;
        return isStale
          ? error(
              `${said}; a run wants it at most ${minutes(sourceMaxAgeMs)} old.`,
              'Look at the ingest of the source: until it goes on, nothing is written.',
            )
          : ok(`${said}.`);
      },
    },
    {
      name: 'warehouse.views',
      async look() {
        const hashes = await checkViews(warehouse, sqlFiles);
        return ok(`${count(Object.keys(hashes).length, 'object')} as they were applied.`);
      },
    },
    {
      name: 'warehouse.mirror',
      async look() {
        const [row] = await warehouse.query(
          `select refreshed_at, watermark from ${warehouse.name(mirrorState.name)} where object = :object`,
          { object: productPropertyMirror.name },
        );
        const refreshedAt = row?.['refreshed_at'];
        if (!(refreshedAt instanceof Date)) {
          return warning(
            'The mirror has never been read from Salesforce.',
            'Build a plan: it reads the mirror.',
          );
        }
        const ageMs = clock.now().getTime() - refreshedAt.getTime();
        const said = `The mirror was read ${minutes(ageMs)} ago`;
        return ageMs > sourceMaxAgeMs
          ? warning(
              `${said}; what is said here of Salesforce rows is that old.`,
              'Build a plan, or look why the schedules do not: each plan reads the mirror.',
            )
          : ok(`${said}.`);
      },
    },
  ];
}
