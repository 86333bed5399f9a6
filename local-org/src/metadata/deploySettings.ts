import { z } from 'zod';

/** Settings of the deploys. */
export const deploySettings = z.strictObject({
  /** Deploys stay Pending until this is false again. */
  isHeld: z.boolean(),
  /** Milliseconds that a deploy is InProgress. */
  workMs: z.number().int().nonnegative(),
});

export type DeploySettings = z.infer<typeof deploySettings>;

export const DEFAULT_DEPLOYS: DeploySettings = { isHeld: false, workMs: 0 };
