import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { runItemStates, runStates } from '../contracts/index.ts';
import { findRoute } from '../contracts/routes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crm } from '../ports/crm.ts';
import type { RunStore } from '../ports/runStore.ts';

export interface MetricsDeps {
  readonly runStore: Pick<RunStore, 'tally'>;
  readonly crm: Pick<Crm, 'apiUsage'>;
  readonly clock: Clock;
}

export interface Metrics {
  /** Measures every request that passes. */
  readonly measure: RequestHandler;
  /** All numbers in the text format of Prometheus. */
  render(): Promise<{ contentType: string; text: string }>;
}

const itemWindowMs = 24 * 60 * 60_000;

/** The metrics of one service. What the store knows is read when it is asked for, in a few small counts. */
export function createMetrics({ runStore, crm, clock }: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'property_sync_http_request_duration_seconds',
    help: 'Time to answer, by the pattern of the route.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20],
    registers,
  });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `property_sync_${name}`, help, labelNames, registers });
  const runs = gauge('runs', 'Runs that the store holds, by state.', 'state');
  const items = gauge('run_items_24h', 'Items of the runs of the last 24 hours, by state.', 'state');
  const openResyncs = gauge('open_resyncs', 'Resyncs that have not ended, by state.', 'state');
  const queue = gauge('queued_work', 'Work that waits, by kind; a plan that is being built counts.', 'kind');
  const apiUsed = gauge('salesforce_api_calls_used', 'API calls of the rolling day, as last told.');
  const apiLimit = gauge('salesforce_api_calls_limit', 'API calls allowed in a day, as last told.');

  const collect = async (): Promise<void> => {
    const tally = await runStore.tally(new Date(clock.now().getTime() - itemWindowMs));
    for (const state of runStates) runs.set({ state }, tally.runs[state] ?? 0);
    for (const state of runItemStates) items.set({ state }, tally.items[state] ?? 0);
    for (const state of ['queued', 'running'] as const) {
      openResyncs.set({ state }, tally.openResyncs[state] ?? 0);
    }
    queue.set({ kind: 'plan' }, tally.buildingPlans);
    queue.set({ kind: 'run' }, tally.runs.queued ?? 0);
    queue.set({ kind: 'resync' }, tally.openResyncs.queued ?? 0);
    const usage = crm.apiUsage();
    if (usage === null) return;
    apiUsed.set(usage.used);
    apiLimit.set(usage.limit);
  };

  return {
    measure(request, response, next) {
      const stop = durations.startTimer();
      // Never the path as it was sent: every id would be a series of its own.
      const route = findRoute(request.method, request.path)?.path ?? 'none';
      response.once('finish', () => {
        stop({ route, method: route === 'none' ? 'any' : request.method, status: response.statusCode });
      });
      next();
    },
    async render() {
      await collect();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
