import { SyncError } from '../../errors.ts';
import { type ErrorClass, keyMapping } from '../../contracts/index.ts';

/** One error of one record, as the Collections and Bulk resources report it. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/**
 * Status codes by error class (docs/domain.md §11.3). Source: "Status Codes" of the SOAP API Developer Guide, which the
 * REST Collections and Bulk API 2.0 share. What is not listed is an error in the data.
 */
const classOfCode: Readonly<Record<string, ErrorClass>> = {
  INVALID_FIELD: 'permanentConfiguration',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'permanentConfiguration',
  INSUFFICIENT_ACCESS_OR_READONLY: 'permanentConfiguration',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'permanentConfiguration',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'permanentConfiguration',
  CANNOT_EXECUTE_FLOW_TRIGGER: 'permanentConfiguration',
  LIMIT_EXCEEDED: 'capacity',
  APEX_ERROR: 'permanentConfiguration',
  UNABLE_TO_LOCK_ROW: 'contention',
  SERVER_UNAVAILABLE: 'transient',
  REQUEST_RUNNING_TOO_LONG: 'transient',
  INVALID_SESSION_ID: 'authentication',
};

/** Governor limits, as automation words them whatever code wraps them. Such a batch passes when it is smaller. */
const capacityPattern =
  /too many (soql|dml|query|future)|cpu time limit|limitexception|number of (soql|dml|iterations).*limit|apex heap size/i;

/** `CODE: text`, as flows and triggers nest the error of the record they tried to write. */
const nestedCodePattern = /\b([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+):\s*/g;

/** Codes that wrap an error of the org's own automation; the last one is what a trigger's `addError` gives. */
const automationCodes = new Set([
  'CANNOT_EXECUTE_FLOW_TRIGGER',
  'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  'APEX_ERROR',
  'FIELD_CUSTOM_VALIDATION_EXCEPTION',
]);

/**
 * The innermost cause of a row error: flows and triggers report the error of the record they wrote inside their own
 * text, and that is the one somebody can mend. It lies in the org's automation, so an admin has to mend it, not the data.
 */
export function classifyRowError(error: RowError): { class: ErrorClass } & RowError {
  if (capacityPattern.test(error.message)) return { ...error, class: 'capacity' };
  // Another request has just made the record of this key; reading by key says whose it is.
  if (error.code === 'DUPLICATE_VALUE' && namesKey(error)) return { ...error, class: 'contention' };
  const nested = automationCodes.has(error.code)
    ? [...error.message.matchAll(nestedCodePattern)].at(-1)
    : undefined;
  if (nested?.[1] === undefined) return { ...error, class: classOfCode[error.code] ?? 'permanentData' };
  const message = error.message.slice(nested.index + nested[0].length).trim();
  return {
    code: nested[1],
    message,
    fields: error.fields.length > 0 ? error.fields : fieldsNamedIn(message),
    class: classOfCode[nested[1]] ?? 'permanentConfiguration',
  };
}

const namesKey = ({ message, fields }: RowError): boolean =>
  fields.includes(keyMapping.field) || message.includes(keyMapping.field);

function fieldsNamedIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\b\w+__c\b/g)].map(([field]) => field))];
}

/**
 * Translates whatever jsforce or fetch threw into a `SyncError`. Salesforce answers an exhausted API allocation with
 * 403 REQUEST_LIMIT_EXCEEDED and never with Retry-After (REST API Developer Guide, "Status Codes and Error Responses").
 */
export function toSyncError(error: unknown, what: string): SyncError {
  if (error instanceof SyncError) return error;
  const code = codeOf(error);
  const text = messageOf(error);
  // The same code stands for too many calls at once, which passes by itself, and for the used-up day.
  if (code === 'REQUEST_LIMIT_EXCEEDED' && !/concurrent/i.test(text)) {
    return new SyncError(
      'SALESFORCE_API_LIMIT',
      `Salesforce refused ${what}: the org's API calls are used up.`,
      { cause: error },
    );
  }
  if (
    ['INVALID_SESSION_ID', 'invalid_client', 'invalid_client_id', 'invalid_grant', 'INVALID_LOGIN'].includes(
      code,
    )
  ) {
    return new SyncError('SALESFORCE_UNAUTHORIZED', `Salesforce refused the login for ${what}: ${text}`, {
      cause: error,
    });
  }
  if (['INVALID_FIELD', 'INVALID_TYPE', 'NOT_FOUND', 'INVALIDENTITY'].includes(code)) {
    return new SyncError('SALESFORCE_SCHEMA', `Salesforce does not know a name in ${what}: ${text}`, {
      cause: error,
    });
  }
  if (code !== '' && code !== 'REQUEST_LIMIT_EXCEEDED' && !isUnavailable(code)) {
    return new SyncError('SALESFORCE_REJECTED', `Salesforce refused ${what}: ${code}: ${text}`, {
      cause: error,
    });
  }
  return new SyncError('SALESFORCE_UNAVAILABLE', `Salesforce did not answer ${what}: ${text}`, {
    cause: error,
  });
}

function isUnavailable(code: string): boolean {
  return (
    code === 'SERVER_UNAVAILABLE' ||
    code === 'REQUEST_RUNNING_TOO_LONG' ||
    /^ERROR_HTTP_(420|429|5\d\d)$/.test(code)
  );
}

/** An answer that was parsed carries its text as an error does. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { errorCode, name } = error as { errorCode?: unknown; name?: unknown };
  if (typeof errorCode === 'string') return errorCode;
  // OAuth errors of jsforce carry their code as the name only.
  return typeof name === 'string' && /^(invalid_|INVALID_)/.test(name) ? name : '';
}
