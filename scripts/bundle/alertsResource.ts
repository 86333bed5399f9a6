import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { stringify } from 'yaml';
import { bundleFile } from './bundleDirectory.ts';

/** How urgent a severity is, as the number that Databricks compares; 0 is none. */
const urgencies = { P0: 4, P1: 3, P2: 2, P3: 1 } as const;

/** `resources/alerts.yml`: one alert for each file of `alerts/`, which says what was measured and its severity. */
export async function alertsResource(): Promise<string> {
  const files = (await readdir(bundleFile('alerts'))).filter((file) => file.endsWith('.sql')).sort();
  const alerts: Record<string, object> = {};
  for (const file of files) {
    const text = await readFile(bundleFile(`alerts/${file}`), 'utf8');
    alerts[basename(file, '.sql')] = toAlert(titleOf(text, file), queryOf(text));
  }
  return stringify({ resources: { alerts } }, { lineWidth: 0 });
}

/** What stands before the colon in the comment that begins the file. */
export function titleOf(text: string, file: string): string {
  const title = /^-- ([^:\n]+):/.exec(text)?.[1];
  if (title !== undefined) return title;
  throw new Error(`${file} must begin with "-- Title: what it says".`);
}

function queryOf(text: string): string {
  const cases = Object.entries(urgencies).map(([severity, urgency]) => `when '${severity}' then ${urgency}`);
  const inVariables = text
    .replaceAll('${catalog}', '${var.catalog}')
    .replaceAll('${schema}', '${var.schema}')
    .trimEnd();
  return `select
    measured,
    severity,
    case severity ${cases.join(' ')} else 0 end as urgency
from (
${inVariables}
) as alert
`;
}

function toAlert(title: string, query: string): object {
  return {
    display_name: `[\${bundle.target}] Property Sync: ${title}`,
    custom_summary: `Property Sync: ${title}`,
    warehouse_id: '${var.warehouse_id}',
    run_as: { service_principal_name: '${var.middleware_principal}' },
    query_text: query,
    evaluation: {
      source: { name: 'urgency', aggregation: 'MAX' },
      comparison_operator: 'GREATER_THAN_OR_EQUAL',
      threshold: { value: { double_value: 1 } },
      empty_result_state: 'OK',
      notification: {
        notify_on_ok: true,
        retrigger_seconds: 14_400,
        subscriptions: [{ user_email: '${var.alert_email}' }],
      },
    },
    schedule: {
      // Every 15 minutes: the team is to know within that time (docs/domain.md §14.3).
      quartz_cron_schedule: '0 0/15 * * * ?',
      timezone_id: 'UTC',
      pause_status: '${var.alert_pause_status}',
    },
  };
}
