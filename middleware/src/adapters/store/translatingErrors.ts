import { toStoreError } from './toStoreError.ts';

type Method = (...args: never[]) => Promise<unknown> | AsyncIterable<unknown>;

/** Puts the translation of errors around every method of a store, so that none can miss it. */
export function translatingErrors<T extends object>(store: T): T {
  const wrap =
    (method: Method) =>
    (...args: never[]) => {
      const answer = method(...args);
      return Symbol.asyncIterator in answer
        ? translateIteration(answer)
        : answer.catch((error: unknown) => {
            throw toStoreError(error);
          });
    };
  return Object.fromEntries(
    Object.entries(store as Record<string, Method>).map(([name, method]) => [name, wrap(method)]),
  ) as T;
}

async function* translateIteration<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* pages;
  } catch (error) {
    throw toStoreError(error);
  }
}
