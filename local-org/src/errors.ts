/** One error of one record, as Collections and SaveResult carry it. */
export interface SaveError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/**
 * A request that fails as a whole. REST answers it as `[{message, errorCode, fields?}]`
 * (REST API Developer Guide, "Status Codes and Error Responses").
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, code: string, message: string, fields?: readonly string[]) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** The body that Salesforce sends. */
  get body(): unknown {
    return [{ message: this.message, errorCode: this.code, ...(this.fields && { fields: this.fields }) }];
  }
}

/** 401: no session, or one that has ended. */
export const invalidSession = () => new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

/** 403: the daily allowance of API calls is used up (API Request Limits and Allocations). */
export const requestLimitExceeded = () =>
  new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');

/** 404: no such resource or record. */
export const notFound = (message = 'The requested resource does not exist') =>
  new ApiError(404, 'NOT_FOUND', message);

/** 404 that says plainly that this org does not have the feature, instead of inventing an answer. */
export const notEmulated = (what: string) => notFound(`not emulated by local-org: ${what}`);

/** 400: the body is not what the resource takes. */
export const badJson = (message: string) => new ApiError(400, 'JSON_PARSER_ERROR', message);

/** A query that cannot be run. */
export const malformedQuery = (message: string) => new ApiError(400, 'MALFORMED_QUERY', message);

/** A query or record that names a field wrongly or uses it in a way it does not allow. */
export const invalidField = (message: string) => new ApiError(400, 'INVALID_FIELD', message);

/** An object that does not exist. */
export const invalidType = (name: string) =>
  new ApiError(
    400,
    'INVALID_TYPE',
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append ` +
      `the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );

/** One record's error. */
export const saveError = (
  statusCode: string,
  message: string,
  fields: readonly string[] = [],
): SaveError => ({ statusCode, message, fields });
