import { z } from 'zod';

/** `GET /healthz`: the process lives. */
export const livenessSchema = z.object({ isAlive: z.literal(true) });

/** `GET /readyz`: whether the process can take requests, and nothing more about it. */
export const readinessSchema = z.object({ isReady: z.boolean() });
