import { setTimeout as sleep } from 'node:timers/promises';
import type { OrgUser } from '../auth/users.ts';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { createIdSequence, normalizeId } from '../ids.ts';
import type { DeployOptions } from './deployOptions.ts';
import { DEFAULT_DEPLOYS, type DeploySettings } from './deploySettings.ts';
import { isDone, type Deployment } from './deployment.ts';

/** All deploys of the org. They work on their own, beside the requests, one after the other. */
export interface Deployments {
  readonly settings: DeploySettings;
  /** Takes a package; it is worked on as soon as the ones before it are done. */
  start(zip: Buffer, options: DeployOptions, user: OrgUser): Deployment;
  /** INVALID_ID_FIELD for an id that is none. */
  find(id: string): Deployment;
  /** Stops a deploy that has not ended; one in progress ends where it is and changes nothing. */
  cancel(id: string, user: OrgUser): Deployment;
  configure(settings: DeploySettings): void;
  reset(): void;
}

/** What a deploy does when its turn comes: sets messages and status, and applies what is good. */
export type DeployWork = (deployment: Deployment) => Promise<void>;

export function createDeployments(clock: Clock, work: DeployWork): Deployments {
  const deployments = new Map<string, Deployment>();
  let newId = createIdSequence('0Af');
  let settings = DEFAULT_DEPLOYS;
  let queue: Deployment[] = [];
  let isWorking = false;

  const move = (deployment: Deployment, status: Deployment['status']) => {
    deployment.status = status;
    deployment.changedMs = clock.nowMs();
    if (isDone(deployment)) deployment.completedMs = deployment.changedMs;
  };

  async function workOn(deployment: Deployment): Promise<void> {
    // The answer to the request goes out first.
    await sleep(0);
    if (isDone(deployment)) return;
    move(deployment, 'InProgress');
    deployment.startedMs = clock.nowMs();
    await sleep(settings.workMs);
    if (isDone(deployment)) return;
    await work(deployment).catch((error: unknown) => {
      const isOurs = error instanceof ApiError;
      if (!isOurs)
        process.stderr.write(`local-org: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      deployment.error = isOurs
        ? { code: error.code, message: error.message }
        : { code: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred in local-org.' };
      deployment.status = 'Failed';
    });
    move(deployment, deployment.status);
    deployment.zip = undefined;
  }

  async function drain(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    for (let next = takeNext(); next; next = takeNext()) await workOn(next);
    isWorking = false;
  }

  const takeNext = () => (settings.isHeld ? undefined : queue.shift());

  const find = (id: string): Deployment => {
    const found = deployments.get(normalizeId(id) ?? '');
    if (!found) throw new ApiError(404, 'INVALID_ID_FIELD', `The deploy ${id} is not known`);
    return found;
  };

  return {
    get settings() {
      return settings;
    },
    start: (zip, options, user) => {
      const createdMs = clock.nowMs();
      const deployment: Deployment = {
        id: newId(),
        options,
        user,
        createdMs,
        zip,
        status: 'Pending',
        startedMs: undefined,
        completedMs: undefined,
        changedMs: createdMs,
        messages: [],
        error: undefined,
        testMethods: 0,
        isSpent: false,
        canceledBy: undefined,
      };
      deployments.set(deployment.id, deployment);
      queue.push(deployment);
      void drain();
      return deployment;
    },
    find,
    cancel: (id, user) => {
      const deployment = find(id);
      if (isDone(deployment))
        throw new ApiError(400, 'INVALID_OPERATION', 'The deploy has already been completed');
      move(deployment, 'Canceled');
      deployment.canceledBy = user;
      return deployment;
    },
    configure: (next) => {
      settings = next;
      void drain();
    },
    reset: () => {
      for (const deployment of deployments.values()) if (!isDone(deployment)) deployment.status = 'Canceled';
      deployments.clear();
      queue = [];
      newId = createIdSequence('0Af');
      settings = DEFAULT_DEPLOYS;
    },
  };
}
