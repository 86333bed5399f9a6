import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration as text with its unit, such as `15m`; read as milliseconds. */
export const duration = z
  .string({ error: 'must be a duration with its unit (ms, s, m, h or d), such as 15m' })
  .regex(/^\d+ ?(ms|s|m|h|d)$/, 'must be a duration with its unit (ms, s, m, h or d), such as 15m')
  .transform((text) => {
    const unit = text.replace(/[\d ]/g, '') as keyof typeof unitMs;
    return Number.parseInt(text, 10) * unitMs[unit];
  });

/** A share as text in percent, such as `5 %`; read as a fraction of 1. */
export const share = z
  .string({ error: 'must be a share in percent, such as 5 %' })
  .regex(/^\d+(\.\d+)? ?%$/, 'must be a share in percent, such as 5 %')
  .transform((text) => Number.parseFloat(text) / 100)
  .refine((fraction) => fraction <= 1, 'must be 100 % at most');
