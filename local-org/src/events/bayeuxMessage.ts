import { z } from 'zod';

/** What a client sends: one message of the Bayeux protocol, as far as Streaming API reads it. */
export const bayeuxMessage = z.object({
  channel: z.string().max(255),
  id: z.union([z.string().max(64), z.number()]).optional(),
  clientId: z.string().max(64).optional(),
  subscription: z.union([z.string().max(255), z.array(z.string().max(255)).max(10)]).optional(),
  connectionType: z.string().max(64).optional(),
  supportedConnectionTypes: z.array(z.string().max(64)).max(20).optional(),
  advice: z.object({ timeout: z.number().optional() }).optional(),
  /** Where to begin, by channel (Streaming API Developer Guide, "Message Durability"). */
  ext: z.object({ replay: z.union([z.boolean(), z.record(z.string(), z.number())]).optional() }).optional(),
});
export type BayeuxMessage = z.infer<typeof bayeuxMessage>;

/** A request is one message or a list of them. */
export const bayeuxRequest = z.union([
  bayeuxMessage.transform((only) => [only]),
  z.array(bayeuxMessage).max(20),
]);

export interface Advice {
  readonly reconnect: 'retry' | 'handshake' | 'none';
  /** Milliseconds to wait before the next connect. */
  readonly interval: number;
  /** Milliseconds for which the answer to a connect may be held. */
  readonly timeout?: number;
}

/** The answer to a message, or an event. */
export interface BayeuxAnswer {
  readonly channel: string;
  readonly id?: string | number;
  readonly clientId?: string;
  readonly successful?: boolean;
  readonly error?: string;
  readonly advice?: Advice;
  readonly [property: string]: unknown;
}

export type Refusal = { readonly error: string; readonly advice?: Advice };

/** The answer to a message that was understood. */
export function accepted(message: BayeuxMessage, more: Partial<BayeuxAnswer> = {}): BayeuxAnswer {
  return { ...addressOf(message), successful: true, ...more };
}

/** The answer to a message that was not. */
export function refused(message: BayeuxMessage, refusal: Refusal): BayeuxAnswer {
  return { ...addressOf(message), ...refusal, successful: false };
}

function addressOf({ channel, id, clientId }: BayeuxMessage): BayeuxAnswer {
  return { channel, ...(id !== undefined && { id }), ...(clientId !== undefined && { clientId }) };
}
