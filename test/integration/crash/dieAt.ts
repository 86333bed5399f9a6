import { crashStages, type CrashPort, type CrashStage, type CrashStageName } from './crashStages.ts';

const name = process.env['CRASH_STAGE'] ?? '';
const stage: CrashStage | null = name === '' ? null : crashStages[name as CrashStageName];

type Method = (this: unknown, ...args: never[]) => Promise<unknown>;

/** The methods of a port that end this process when they come to the stage of the environment. */
export function dyingMethods(port: CrashPort, target: object): Record<string, Method> {
  if (stage?.port !== port) return {};
  const { method, when, isMeant = () => true } = stage;
  const original = Reflect.get(target, method) as Method;
  return {
    [method]: async function (...args) {
      const isDue = isMeant(...args);
      if (isDue && when === 'before') die();
      const result = await original.apply(this, args);
      if (isDue && when === 'after') die();
      return result;
    },
  };
}

/** Not even `finally` runs. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
