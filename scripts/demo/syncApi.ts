import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppliedViews, Health, Plan, Problem, Run, Sync } from '../../middleware/src/contracts/index.ts';

const pollIntervalMs = 150;
const requestTimeoutMs = 30_000;
/** No rollout of the demo takes longer on a laptop; one that waits for ever tells nobody anything. */
const demoTimeoutMs = 600_000;

/** The middleware as its callers meet it: over HTTP, with a key. */
export class SyncApi {
  private readonly url: string;
  private readonly key: string;
  private readonly workTimeoutMs: number;

  constructor(url: string, key: string, { workTimeoutMs = demoTimeoutMs } = {}) {
    this.url = url;
    this.key = key;
    this.workTimeoutMs = workTimeoutMs;
  }

  async buildPlan(onProgress: (plan: Plan) => void): Promise<Plan> {
    const { planId } = await this.send<Plan>('POST', '/v1/plans', {});
    const plan = await this.poll<Plan>(
      `/v1/plans/${planId}`,
      ({ state }) => state !== 'building',
      onProgress,
    );
    if (plan.state === 'ready') return plan;
    const reasons =
      plan.error === null
        ? plan.guards.filter(({ isTripped }) => isTripped).map(({ detail }) => detail)
        : [plan.error.message, ...plan.error.details];
    throw new Error(`The plan is ${plan.state}: ${reasons.join(' ')}`);
  }

  async runSync(planId: string, sync: Sync, onProgress: (run: Run) => void): Promise<Run> {
    const { runId } = await this.send<Run>('POST', '/v1/runs', { planId, sync });
    return this.awaitRun(runId, onProgress);
  }

  async awaitRun(runId: string, onProgress: (run: Run) => void): Promise<Run> {
    const isOver = ({ state }: Run): boolean => state !== 'queued' && state !== 'running';
    return this.poll<Run>(`/v1/runs/${runId}`, isOver, onProgress);
  }

  applyViews(): Promise<AppliedViews> {
    return this.send<AppliedViews>('PUT', '/v1/warehouse/views');
  }

  readHealth(): Promise<Health> {
    return this.get<Health>('/v1/health');
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.send<Answer>('GET', path);
  }

  /** Sends a creating request, with an Idempotency-Key of its own. */
  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.send<Answer>('POST', path, body);
  }

  private async poll<Answer>(
    path: string,
    isOver: (answer: Answer) => boolean,
    onProgress: (answer: Answer) => void,
  ): Promise<Answer> {
    const deadline = performance.now() + this.workTimeoutMs;
    for (;;) {
      const askedAt = performance.now();
      const answer = await this.send<Answer>('GET', path);
      const tookMs = performance.now() - askedAt;
      onProgress(answer);
      if (isOver(answer)) return answer;
      if (performance.now() > deadline)
        throw new Error(`${path} has not ended within ${String(this.workTimeoutMs / 60_000)} minutes.`);
      // Whoever looks on must not be what the service is busy with.
      await wait(Math.max(pollIntervalMs, 5 * tookMs));
    }
  }

  private async send<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    });
    if (response.ok) return (await response.json()) as Answer;
    const problem = (await response.json()) as Problem;
    throw new Error(`${method} ${path}: ${problem.detail} ${problem.action} ${problem.errors.join(' ')}`);
  }
}
