import { problem, startFaultyServer, type Answer } from '../api/startFaultyServer.ts';

/** Answers by method and path; of several the next, and for ever the last. */
export type Routes = Readonly<Record<string, Answer | readonly Answer[]>>;

/** A middleware that answers what a test says, and an environment in which the verbs find it and nothing else. */
export interface FakeApi {
  readonly asked: string[];
  stop(): Promise<void>;
}

export async function startFakeApi(routes: Routes): Promise<FakeApi> {
  const asked: string[] = [];
  const server = await startFaultyServer((request, response) => {
    const route = `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*/, '')}`;
    const times = asked.filter((each) => each === route).length;
    asked.push(route);
    const answers = [routes[route] ?? problem(404, 'NOT_FOUND')].flat();
    answers[Math.min(times, answers.length - 1)]?.(request, response);
  });
  const before = { ...process.env };
  const environment = {
    PROPERTY_SYNC_URL: server.url,
    PROPERTY_SYNC_API_KEY: 'key-of-the-fake',
    // Whoever runs the tests may have a default org: it is none of theirs.
    SF_TARGET_ORG: 'nobody@fake.example',
    SF_DISABLE_LOG_FILE: 'true',
  };
  Object.assign(process.env, environment);
  return {
    asked,
    async stop() {
      for (const name of Object.keys(environment)) {
        const value = before[name];
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      process.exitCode = 0;
      await server.stop();
    },
  };
}
