import { randomBytes, randomUUID } from 'node:crypto';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import type { THandleIdentifier, TStatus } from '@databricks/sql/thrift/TCLIService_types.js';
import type { StatementError } from './statementError.ts';

/** A new handle; the driver demands that its 16 bytes are a valid UUID. */
export function newHandle(): THandleIdentifier {
  const guid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  return new thrift.THandleIdentifier({ guid, secret: randomBytes(16) });
}

/** What a handle is remembered under. */
export function handleKey({ guid }: THandleIdentifier): string {
  return Buffer.from(guid).toString('hex');
}

export const success = (): TStatus => new thrift.TStatus({ statusCode: thrift.TStatusCode.SUCCESS_STATUS });

export const failure = ({ message, sqlState }: StatementError): TStatus =>
  new thrift.TStatus({
    statusCode: thrift.TStatusCode.ERROR_STATUS,
    errorMessage: message,
    displayMessage: message,
    sqlState,
    errorCode: 0,
  });
