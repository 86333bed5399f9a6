import { createHash } from 'node:crypto';

/** Which principal of which external credential a secret is for. */
export interface Principal {
  readonly externalCredential: string;
  readonly principalName: string;
  readonly principalType: string;
}

/** One authentication parameter as it is kept; of an encrypted value only the hash. */
export interface StoredParameter {
  readonly isEncrypted: boolean;
  /** The value where it is not encrypted. */
  readonly value: string | undefined;
  readonly sha256: string;
  /** How often it was set. */
  readonly revision: number;
}

/** What is asked to be kept. */
export type GivenParameters = Readonly<
  Record<string, { readonly value: string; readonly encrypted: boolean }>
>;

/** The authentication parameters of the principals. Nothing here ever gives an encrypted value back: it is not kept. */
export interface Secrets {
  find(principal: Principal): ReadonlyMap<string, StoredParameter> | undefined;
  /** Puts these parameters in place of all that the principal had. */
  put(principal: Principal, given: GivenParameters): void;
  delete(principal: Principal): boolean;
  /** For tests: what is kept, by hash. */
  list(): (Principal & { parameters: Record<string, Omit<StoredParameter, 'value'>> })[];
  reset(): void;
}

const keyOf = ({ externalCredential, principalName, principalType }: Principal): string =>
  [externalCredential, principalType, principalName].join('\n').toLowerCase();

export function createSecrets(): Secrets {
  const kept = new Map<string, { principal: Principal; parameters: Map<string, StoredParameter> }>();
  return {
    find: (principal) => kept.get(keyOf(principal))?.parameters,
    put: (principal, given) => {
      const previous = kept.get(keyOf(principal))?.parameters;
      const parameters = new Map(
        Object.entries(given).map(([name, { value, encrypted }]): [string, StoredParameter] => [
          name,
          {
            isEncrypted: encrypted,
            value: encrypted ? undefined : value,
            sha256: createHash('sha256').update(value).digest('hex'),
            revision: (previous?.get(name)?.revision ?? 0) + 1,
          },
        ]),
      );
      kept.set(keyOf(principal), { principal, parameters });
    },
    delete: (principal) => kept.delete(keyOf(principal)),
    list: () =>
      [...kept.values()].map(({ principal, parameters }) => ({
        ...principal,
        parameters: Object.fromEntries(
          [...parameters].map(([name, { value: _value, ...rest }]) => [name, rest]),
        ),
      })),
    reset: () => kept.clear(),
  };
}
