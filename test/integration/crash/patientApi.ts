import { setTimeout as wait } from 'node:timers/promises';
import type { Page, Plan, Resync, Run, RunItem, Sync } from '../../../middleware/src/contracts/index.ts';

const pollIntervalMs = 60;
/** Longer than anything takes, also on a machine that does much else. */
const workTimeoutMs = 900_000;

/** A caller who asks again, with the same Idempotency-Key, until somebody answers. */
export interface PatientApi {
  /** Every plan, run and resync that has been acknowledged, by the address it can be read at. */
  readonly acknowledged: ReadonlySet<string>;
  plan(): Promise<Plan>;
  run(planId: string, sync: Sync): Promise<Run>;
  resync(propertyId: string): Promise<Resync>;
  read<Answer>(path: string): Promise<Answer>;
  items(runId: string): Promise<RunItem[]>;
}

let requests = 0;

export function patientApi(url: () => Promise<string>, apiKey: string): PatientApi {
  const acknowledged = new Set<string>();

  /** The first answer that is one; a process that is away or starting gives none. */
  async function ask<Answer>(path: string, body?: object): Promise<Answer> {
    const key = `crash-${String(process.pid)}-${String((requests += 1))}`;
    const deadline = performance.now() + workTimeoutMs;
    for (;;) {
      const response = await send(path, key, body);
      if (response !== undefined && response.status < 500 && response.status !== 429) {
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
        const answer = await response.json().catch(() => undefined);
        if (answer !== undefined) return answer as Answer;
      }
      if (performance.now() > deadline) throw new Error(`${path} was never answered.`);
      await wait(pollIntervalMs);
    }
  }

  async function send(path: string, key: string, body?: object): Promise<Response | undefined> {
    const address = (await url()) + path;
    return fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
  }

  async function create(path: string, body: object, home: string, id: 'planId' | 'runId' | 'resyncId') {
    const address = `${home}/${(await ask<Record<typeof id, string>>(path, body))[id]}`;
    acknowledged.add(address);
    return address;
  }

  async function until<Answer extends { state: string }>(path: string, open: string[]): Promise<Answer> {
    const deadline = performance.now() + workTimeoutMs;
    for (;;) {
      const answer = await ask<Answer>(path);
      if (!open.includes(answer.state)) return answer;
      if (performance.now() > deadline) throw new Error(`${path} has not ended: ${JSON.stringify(answer)}`);
      await wait(pollIntervalMs);
    }
  }

  return {
    acknowledged,
    read: (path) => ask(path),
    plan: async () => until<Plan>(await create('/v1/plans', {}, '/v1/plans', 'planId'), ['building']),
    run: async (planId, sync) =>
      until<Run>(await create('/v1/runs', { planId, sync, skipMoved: true }, '/v1/runs', 'runId'), [
        'queued',
        'running',
      ]),
    resync: async (propertyId) =>
      until<Resync>(await create(`/v1/properties/${propertyId}/resyncs`, {}, '/v1/resyncs', 'resyncId'), [
        'queued',
        'running',
      ]),
    async items(runId) {
      const items: RunItem[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page: Page<RunItem> = await ask(`/v1/runs/${runId}/items?limit=200${query}`);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}
