/** A value for a jsonb column; null is an empty column, and what is absent stays absent. */
export function json<T extends object | null | undefined>(value: T): JsonText<T> {
  return (value ? JSON.stringify(value) : value) as JsonText<T>;
}

type JsonText<T> = (T extends object ? string : never) | Extract<T, null | undefined>;
