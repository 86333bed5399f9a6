/** Where the store reports what no caller waits for: the part of a pino logger that it needs. */
export interface StoreLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
