import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { bundleFile } from './bundleDirectory.ts';

/** A query of the bundle as it is deployed, and the columns that whoever asks it reads. */
export interface BundleQuery {
  readonly name: string;
  /** Its text, of which `current_timestamp` is the only thing that changes by itself. */
  readonly sql: string;
  readonly columns: readonly string[];
}

/** The part of a dashboard file that says what is asked and shown. */
export interface Dashboard {
  readonly datasets: readonly { readonly name: string; readonly queryLines: readonly string[] }[];
  readonly pages: readonly {
    readonly layout: readonly {
      readonly widget: {
        readonly name: string;
        readonly queries: readonly {
          readonly query: {
            readonly datasetName: string;
            readonly fields: readonly { readonly name: string; readonly expression: string }[];
          };
        }[];
        readonly spec: { readonly encodings: Readonly<Record<string, Encoding | readonly Encoding[]>> };
      };
      readonly position: { readonly x: number; readonly width: number };
    }[];
  }[];
}
interface Encoding {
  readonly fieldName: string;
}

/** The clock of the last plan, for an answer that does not depend on when it is asked: in place of `current_timestamp`. */
export const businessClock = ({ catalog, schema }: { catalog: string; schema: string }): string =>
  `(select max(business_time) from ${catalog}.${schema}.sync_context)`;

/** The queries of the dashboard. They name views without their schema, which has to be the current one. */
export async function dashboardQueries(clock = 'current_timestamp'): Promise<BundleQuery[]> {
  const dashboard = JSON.parse(
    await readFile(bundleFile('sync_monitoring.lvdash.json'), 'utf8'),
  ) as Dashboard;
  const widgets = dashboard.pages.flatMap(({ layout }) => layout.map(({ widget }) => widget));
  return dashboard.datasets.map(({ name, queryLines }) => ({
    name,
    sql: atClock(queryLines.join(''), clock),
    columns: [
      ...new Set(
        widgets
          .filter(({ queries }) => queries.some(({ query }) => query.datasetName === name))
          .flatMap(({ spec }) => Object.values(spec.encodings).flat())
          .map(({ fieldName }) => fieldName),
      ),
    ],
  }));
}

/** The queries of the alerts, for the product's objects in this catalog and schema. */
export async function alertQueries(
  { catalog, schema }: { catalog: string; schema: string },
  clock = 'current_timestamp',
): Promise<BundleQuery[]> {
  const { resources } = parse(await readFile(bundleFile('resources/alerts.yml'), 'utf8')) as {
    resources: {
      alerts: Record<string, { query_text: string; evaluation: { source: { name: string } } }>;
    };
  };
  return Object.entries(resources.alerts).map(([name, { query_text: text, evaluation }]) => ({
    name,
    sql: atClock(text.replaceAll('${var.catalog}', catalog).replaceAll('${var.schema}', schema), clock),
    columns: ['measured', 'severity', evaluation.source.name],
  }));
}

const atClock = (sql: string, clock: string): string => sql.replaceAll(/\bcurrent_timestamp\b/g, clock);
