import { started } from './setup.ts';

export default async function teardown(): Promise<void> {
  await started.server?.stop();
}
