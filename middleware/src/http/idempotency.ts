import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { SyncError } from '../errors.ts';
import { canonicalJson, type JsonValue } from '../planning/hashPlan.ts';
import type { Idempotency } from '../ports/runStore.ts';

/**
 * What a creating request is remembered by. The key belongs to the caller and the route, so that two callers never meet.
 * Throws IDEMPOTENCY_KEY_MISSING on a request without a usable one.
 */
export function idempotencyOf(request: Request, caller: string, body: JsonValue): Idempotency {
  const key = request.get('idempotency-key') ?? '';
  if (!/^[\x21-\x7e]{8,128}$/.test(key)) {
    throw new SyncError('IDEMPOTENCY_KEY_MISSING', 'The request carries no usable Idempotency-Key.');
  }
  return {
    key: `${caller} ${request.baseUrl} ${key}`,
    bodyHash: createHash('sha256').update(canonicalJson(body)).digest('hex'),
  };
}
