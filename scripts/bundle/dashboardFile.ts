import { readFile } from 'node:fs/promises';
import { bundleFile } from './bundleDirectory.ts';
import { titleOf } from './alertsResource.ts';

const datasets = ['figures', 'stages', 'outcomes_by_day', 'failures', 'newest_records'] as const;
type Dataset = (typeof datasets)[number];

interface Encoding {
  readonly fieldName: string;
  readonly displayName: string;
  readonly scale?: { readonly type: 'temporal' | 'quantitative' | 'categorical' };
}
interface Widget {
  readonly name: string;
  readonly dataset: Dataset;
  readonly title: string;
  readonly widgetType: 'counter' | 'bar' | 'table';
  readonly encodings: Readonly<Record<string, Encoding | readonly Encoding[]>>;
  /** Place on a grid of six columns. */
  readonly position: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Version of the specification of a widget, which the format of the file demands by type. */
const specVersions = { counter: 2, bar: 3, table: 1 } as const;

const shown = (fieldName: string, displayName: string): Encoding => ({ fieldName, displayName });
const counter = (fieldName: string, title: string, place: number): Widget => ({
  name: fieldName,
  dataset: 'figures',
  title,
  widgetType: 'counter',
  encodings: { value: shown(fieldName, title) },
  position: { x: (place % 3) * 2, y: Math.floor(place / 3) * 3, width: 2, height: 3 },
});

const widgets: readonly Widget[] = [
  counter('to_create', 'Properties to create', 0),
  counter('to_create_paid', 'of these with paid features', 1),
  counter('to_update', 'Staging rows to update', 2),
  counter('matched', 'Properties matched', 3),
  counter('succeeded', 'Records written, last 24 h', 4),
  counter('failed', 'Records failed, last 24 h', 5),
  {
    name: 'stages',
    dataset: 'stages',
    title: 'Stages as of the last plan',
    widgetType: 'table',
    encodings: {
      columns: [
        shown('stage', 'Stage'),
        shown('records', 'Count'),
        shown('with_features', 'With paid features'),
        shown('as_of', 'As of'),
      ],
    },
    position: { x: 0, y: 6, width: 3, height: 7 },
  },
  {
    name: 'outcomes',
    dataset: 'outcomes_by_day',
    title: 'Records by day and outcome, last 30 days',
    widgetType: 'bar',
    encodings: {
      x: { ...shown('day', 'Day'), scale: { type: 'temporal' } },
      y: { ...shown('records', 'Records'), scale: { type: 'quantitative' } },
      color: { ...shown('sync_status', 'Outcome'), scale: { type: 'categorical' } },
    },
    position: { x: 3, y: 6, width: 3, height: 7 },
  },
  {
    name: 'failures',
    dataset: 'failures',
    title: 'Commonest causes of failure, last 7 days',
    widgetType: 'table',
    encodings: {
      columns: [shown('error_message', 'Cause'), shown('records', 'Records'), shown('last_at', 'Last')],
    },
    position: { x: 0, y: 13, width: 6, height: 6 },
  },
  {
    name: 'newest_records',
    dataset: 'newest_records',
    title: 'Newest records of the audit log',
    widgetType: 'table',
    encodings: {
      columns: [
        shown('sync_timestamp', 'When'),
        shown('sync_name', 'Sync'),
        shown('sync_operation', 'Operation'),
        shown('sync_status', 'Outcome'),
        shown('rds_property_id', 'Property'),
        shown('property_name', 'Name'),
        shown('error_message', 'Cause'),
        shown('run_id', 'Run'),
        shown('created_by', 'By'),
      ],
    },
    position: { x: 0, y: 19, width: 6, height: 10 },
  },
];

/** `sync_monitoring.lvdash.json`, whose datasets are the files of `dashboard/`. */
export async function dashboardFile(): Promise<string> {
  const texts = datasets.map(async (name) => {
    const text = await readFile(bundleFile(`dashboard/${name}.sql`), 'utf8');
    return { name, displayName: titleOf(text, `${name}.sql`), queryLines: text.split(/(?<=\n)/) };
  });
  const page = {
    name: 'sync_monitoring',
    displayName: 'Property Sync',
    pageType: 'PAGE_TYPE_CANVAS',
    layout: widgets.map(toLayout),
  };
  return JSON.stringify({ datasets: await Promise.all(texts), pages: [page] });
}

function toLayout({ name, dataset, title, widgetType, encodings, position }: Widget): object {
  const fields = Object.values(encodings)
    .flat()
    .map(({ fieldName }) => ({ name: fieldName, expression: `\`${fieldName}\`` }));
  return {
    widget: {
      name,
      queries: [{ name: 'main_query', query: { datasetName: dataset, fields, disaggregated: true } }],
      spec: {
        version: specVersions[widgetType],
        widgetType,
        encodings,
        frame: { showTitle: true, title },
      },
    },
    position,
  };
}
