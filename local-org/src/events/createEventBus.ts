import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ApiError, saveError } from '../errors.ts';
import { readJsonRecord } from '../dml/readRecord.ts';
import { createIdSequence } from '../ids.ts';
import type { FieldSchema, ObjectSchema, Value } from '../store/schema.ts';

/** A published event, as it is delivered. */
export interface PublishedEvent {
  /** API name of the platform event, such as `Property_Sync__e`. */
  readonly event: string;
  /** Position in the stream; ascending, never used again. */
  readonly replayId: number;
  readonly uuid: string;
  /** Every field of the event, null where the publisher left it out, with `CreatedDate` and `CreatedById`. */
  readonly payload: Readonly<Record<string, Value>>;
}

/** The platform events of the org: validated as a record is, delivered, and never stored as one. */
export interface EventBus {
  readonly objects: readonly ObjectSchema[];
  findObject(name: string): ObjectSchema | undefined;
  /** Takes one event and returns the result that its publisher gets. */
  publish(object: ObjectSchema, body: unknown, userId: string): PublishResult;
  /** The newest events, oldest first. */
  readonly published: readonly PublishedEvent[];
  /** Position of the last event that was ever published; 0 before the first. */
  readonly lastReplayId: number;
  /** Tells of every event, once it can be read. */
  onPublished(listener: () => void): void;
  /** Changes what events there are. */
  redefine(objects: readonly ObjectSchema[]): void;
  /** Forgets the events; positions go on. */
  reset(): void;
}

export interface PublishResult {
  readonly id: string;
  readonly success: true;
  readonly errors: readonly { statusCode: string; message: string; fields: readonly string[] }[];
}

/** Events that are kept for those who ask. */
const MAX_KEPT = 1000;

export function createEventBus(initial: readonly ObjectSchema[], clock: Clock): EventBus {
  let objects = initial;
  const newIds = new Map<string, () => string>();
  const newId = (keyPrefix: string): string => {
    const sequence = newIds.get(keyPrefix) ?? createIdSequence(keyPrefix);
    newIds.set(keyPrefix, sequence);
    return sequence();
  };
  const published: PublishedEvent[] = [];
  const listeners: (() => void)[] = [];
  let lastReplayId = 0;
  return {
    get objects() {
      return objects;
    },
    findObject: (name) => objects.find((object) => object.name.toLowerCase() === name.toLowerCase()),
    publish(object, body, userId) {
      const values = readEvent(object, body);
      const uuid = randomUUID();
      lastReplayId += 1;
      const payload = Object.fromEntries(
        object.fields
          .filter(({ isCustom }) => isCustom)
          .map((field) => [field.name, toPayload(field, values.get(field) ?? field.defaultValue)]),
      );
      published.push({
        event: object.name,
        replayId: lastReplayId,
        uuid,
        payload: { CreatedDate: new Date(clock.nowMs()).toISOString(), CreatedById: userId, ...payload },
      });
      if (published.length > MAX_KEPT) published.shift();
      for (const listener of listeners) listener();
      // The publish request is queued: a success says so in its errors (Platform Events Developer Guide, "Status Code
      // Returned for Asynchronous Publishing").
      return {
        id: newId(object.keyPrefix),
        success: true,
        errors: [saveError('OPERATION_ENQUEUED', uuid)],
      };
    },
    get published() {
      return published;
    },
    get lastReplayId() {
      return lastReplayId;
    },
    onPublished: (listener) => void listeners.push(listener),
    redefine: (next) => {
      objects = next;
    },
    reset: () => {
      published.splice(0);
      objects = initial;
    },
  };
}

/** The values of an event; the first thing that is wrong with them fails the request, as with a record. */
function readEvent(object: ObjectSchema, body: unknown): ReadonlyMap<FieldSchema, Value> {
  const { values, errors } = readJsonRecord(object, body);
  const [error] = errors;
  if (error) throw new ApiError(400, error.statusCode, error.message, error.fields);
  const readOnly = [...values.keys()].filter((field) => !field.isCreateable).map(({ name }) => name);
  if (readOnly.length > 0) {
    const message = `Unable to create/update fields: ${readOnly.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
    throw new ApiError(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', message, readOnly);
  }
  const missing = object.fields
    .filter((field) => field.isRequired && field.isCreateable && (values.get(field) ?? null) === null)
    .map(({ name }) => name);
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(', ')}]`;
    throw new ApiError(400, 'REQUIRED_FIELD_MISSING', message, missing);
  }
  return values;
}

/** Date/times are delivered as ISO 8601 in UTC [believed, not verified on a real org]. */
const toPayload = ({ type }: FieldSchema, value: Value): Value =>
  type === 'datetime' && typeof value === 'number' ? new Date(value).toISOString() : value;
