import { createHash, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../contracts/index.ts';

export { scopes, type Scope } from '../contracts/index.ts';

/** A key is known by its hash only; several may be active at once, so that one can be replaced without a pause. */
export interface ApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key, as 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The key that was sent, or undefined. Every key is compared, in constant time, so that timing tells nothing. */
export function findApiKey(keys: readonly ApiKey[], sent: string): ApiKey | undefined {
  const hash = createHash('sha256').update(sent).digest();
  let found: ApiKey | undefined;
  for (const key of keys) {
    if (timingSafeEqual(Buffer.from(key.sha256, 'hex'), hash)) found = key;
  }
  return found;
}

/** `admin` may do everything; every key may read. */
export function hasScope(key: ApiKey, scope: Scope): boolean {
  return scope === 'read' || key.scopes.includes(scope) || key.scopes.includes('admin');
}
