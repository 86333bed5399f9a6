import { type Transaction, sql } from 'kysely';
import { terminalItemStates } from '../../contracts/index.ts';
import type { ItemUpdate } from '../../ports/runStore.ts';
import { inChunks } from './inChunks.ts';
import { json } from './json.ts';
import type { Tables } from './tables.ts';

/**
 * Changes items of a run, each chunk in one statement; `at` is the business time of the states they enter. An item in
 * a terminal state stays as it is: what is told twice after a crash must not undo what was stored the first time. With
 * `intent` each item begins one more attempt, in that batch.
 */
export async function updateItems(
  transaction: Transaction<Tables>,
  runId: string,
  updates: readonly ItemUpdate[],
  at: Date,
  intent?: { batchNumber: number },
): Promise<void> {
  for (const chunk of inChunks(updates)) await updateChunk(transaction, runId, chunk, at, intent);
}

async function updateChunk(
  transaction: Transaction<Tables>,
  runId: string,
  updates: readonly ItemUpdate[],
  at: Date,
  intent: { batchNumber: number } | undefined,
): Promise<void> {
  const now = sql`${at.toISOString()}::timestamptz`;
  const attempt =
    intent === undefined
      ? sql`sent_at = case when ${isEntered} and change.state = 'sent' then ${now} else item.sent_at end`
      : sql`attempts = item.attempts + 1, batch_number = ${intent.batchNumber}::integer, sent_at = ${now}`;
  const { rows } = await sql<{ missing: string[] | null }>`
    with change as (
      select value, value ->> 'rdsPropertyId' as rds_property_id, value ->> 'state' as state
      from jsonb_array_elements(${json(updates)}::jsonb) as element (value)
    ),
    updated as (
      update run_item as item
      set
        state = coalesce(change.state, item.state),
        staging_id = coalesce(change.value ->> 'stagingId', item.staging_id),
        was_created = coalesce((change.value ->> 'wasCreated')::boolean, item.was_created),
        before = ${givenJson('before')},
        after = ${givenJson('after')},
        error = ${givenJson('error')},
        system_modstamp_before = ${givenText('systemModstampBefore')},
        system_modstamp_after = ${givenText('systemModstampAfter')},
        accepted_at = case
          when ${isEntered} and change.state = 'accepted' then ${now}
          -- What is verified has been accepted, even if nobody said so at the time.
          when change.state = 'verified' then coalesce(item.accepted_at, ${now})
          else item.accepted_at
        end,
        ended_at = case when change.state in (${terminalStates}) then ${now} else item.ended_at end,
        ${attempt}
      from change
      where item.run_id = ${runId}
        and item.rds_property_id = change.rds_property_id
        and item.state not in (${terminalStates})
    )
    select array_agg(change.rds_property_id) as missing
    from change
    where not exists (
      select from run_item where run_id = ${runId} and rds_property_id = change.rds_property_id
    )
  `.execute(transaction);
  const missing = rows[0]?.missing ?? [];
  if (missing.length > 0) throw new Error(`Run ${runId} has no item ${missing.slice(0, 5).join(', ')}.`);
}

const isEntered = sql`change.state is distinct from item.state`;
const terminalStates = sql.join(terminalItemStates);

/** The given value, null included; what is absent stays. */
function givenText(name: keyof ItemUpdate & keyof Tables['runItem']) {
  const key = sql.lit(name);
  return sql`case when change.value ? ${key} then change.value ->> ${key} else item.${sql.ref(name)} end`;
}

function givenJson(name: keyof ItemUpdate & keyof Tables['runItem']) {
  const key = sql.lit(name);
  return sql`case
    when change.value ? ${key} then nullif(change.value -> ${key}, 'null'::jsonb) else item.${sql.ref(name)}
  end`;
}
