import { z } from 'zod';

/** One fault: which calls it meets, what happens to them, and how often. */
export const fault = z.strictObject({
  /** A call of the service, such as `ExecuteStatement`, or `Token`, `DownloadResult`, `TransferFile`. */
  call: z.string().min(1),
  kind: z.enum([
    /** 503; nothing happened. */
    'unavailable',
    /** 429; nothing happened. */
    'rateLimited',
    /** 401; nothing happened. */
    'unauthorized',
    /** 403; nothing happened. */
    'forbidden',
    /** The connection breaks before the call is worked on. */
    'reset',
    /** The call is worked on, then the connection breaks: the answer is lost. */
    'resetAfter',
    /** The call is not answered, and not worked on. */
    'hang',
    /** All sessions are gone before the call is worked on. */
    'lostSession',
    /** The warehouse has stopped, and this call starts it: that takes `delayMs`. */
    'slowStart',
    /** The statement ends in an error: `sqlState` and `message`. */
    'failed',
    /** The links that the call answers with have expired. */
    'expired',
  ]),
  /** A regular expression, searched in the statement of ExecuteStatement. */
  statement: z.string().optional(),
  /** So many matching calls pass first. */
  after: z.number().int().nonnegative().default(0),
  /** At most so many hits. */
  times: z.number().int().positive().default(1),
  /** The header `Retry-After` of `unavailable` and `rateLimited`. */
  retryAfterS: z.number().int().positive().optional(),
  delayMs: z.number().int().nonnegative().default(1_000),
  sqlState: z.string().default('XX000'),
  message: z.string().default('The statement failed.'),
});

export const faultList = z.strictObject({ faults: z.array(fault) });

export type Fault = z.infer<typeof fault>;
export type FaultInput = z.input<typeof fault>;

/** A fault, and how many calls it met and struck. */
export interface FaultCount {
  readonly fault: Fault;
  readonly matches: number;
  readonly hits: number;
}

/** The faults that are switched on. The same calls in the same order meet the same faults. */
export interface Faults {
  readonly counts: readonly FaultCount[];
  replace(faults: readonly FaultInput[]): void;
  /** The first fault of these kinds that strikes this call, if any. */
  strike(kinds: readonly Fault['kind'][], call: string, statement?: string): Fault | undefined;
}

export function createFaults(): Faults {
  let armed: { fault: Fault; matches: number; hits: number }[] = [];
  return {
    get counts() {
      return armed.map((each) => ({ ...each }));
    },
    replace: (faults) => {
      armed = faults.map((each) => ({ fault: fault.parse(each), matches: 0, hits: 0 }));
    },
    strike: (kinds, call, statement = '') =>
      armed.find((each) => {
        if (each.fault.call !== call || !kinds.includes(each.fault.kind)) return false;
        if (each.fault.statement !== undefined && !new RegExp(each.fault.statement, 'i').test(statement))
          return false;
        each.matches += 1;
        if (each.matches <= each.fault.after || each.hits >= each.fault.times) return false;
        each.hits += 1;
        return true;
      })?.fault,
  };
}
