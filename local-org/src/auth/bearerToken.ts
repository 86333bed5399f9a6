import type { Request } from 'express';

/** REST takes `Bearer`; older clients still send `OAuth`. */
export function bearerToken(request: Request): string | undefined {
  return /^(?:Bearer|OAuth) (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
}
