import { describe, expect, it } from '@jest/globals';
import {
  classifyRowError,
  toSyncError,
} from '../../../middleware/src/adapters/salesforce/salesforceErrors.ts';

const flowText =
  "We can't save this record because the “Roll up” process failed. Give your Salesforce admin these details. " +
  'This error occurred when the flow tried to update records: INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: bad value for ' +
  'restricted picklist field Region__c: North.';

describe('classifyRowError', () => {
  it.each([
    ['STRING_TOO_LONG', 'Name: data value too large', 'permanentData'],
    ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', 'permanentData'],
    ['DUPLICATE_VALUE', 'duplicate value found', 'permanentData'],
    [
      'DUPLICATE_VALUE',
      'duplicate value found: RDS_Property_ID__c duplicates value on record with id: a13ZZ000000000A',
      'contention',
    ],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'bad value: Status__c', 'permanentData'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'no access', 'permanentConfiguration'],
    ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access', 'contention'],
    ['SERVER_UNAVAILABLE', 'busy', 'transient'],
    [
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'Rollup: System.LimitException: Apex CPU time limit exceeded',
      'capacity',
    ],
    ['CANNOT_EXECUTE_FLOW_TRIGGER', 'Too many SOQL queries: 101', 'capacity'],
    ['LIMIT_EXCEEDED', 'whatever', 'capacity'],
  ])('takes %s (%s) as %s', (code, message, expected) => {
    expect(classifyRowError({ code, message, fields: [] }).class).toBe(expected);
  });

  it('unwraps the innermost cause of a flow: code, text and field of the record that it wrote', () => {
    expect(classifyRowError({ code: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: flowText, fields: [] })).toEqual({
      class: 'permanentConfiguration',
      code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'bad value for restricted picklist field Region__c: North.',
      fields: ['Region__c'],
    });
  });

  it('takes a lock inside automation as contention', () => {
    const message = 'flow failed: UNABLE_TO_LOCK_ROW: unable to obtain exclusive access';
    expect(classifyRowError({ code: 'CANNOT_EXECUTE_FLOW_TRIGGER', message, fields: [] }).class).toBe(
      'contention',
    );
  });

  it('takes a lock that a trigger reports through addError as contention', () => {
    const message =
      'The property could not be updated: UNABLE_TO_LOCK_ROW: unable to obtain exclusive access';
    const error = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields: [] };
    expect(classifyRowError(error).class).toBe('contention');
    // A validation rule of the org has no code in its words.
    expect(classifyRowError({ ...error, message: 'Postal code and state do not match.' }).class).toBe(
      'permanentData',
    );
  });

  it('does not read a code out of the data of an ordinary error', () => {
    const error = {
      code: 'STRING_TOO_LONG',
      message: 'value: UNABLE_TO_LOCK_ROW: is too long',
      fields: ['Name'],
    };
    expect(classifyRowError(error)).toEqual({ ...error, class: 'permanentData' });
  });
});

describe('toSyncError', () => {
  it.each([
    [
      { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' },
      'SALESFORCE_API_LIMIT',
    ],
    [
      { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' },
      'SALESFORCE_UNAVAILABLE',
    ],
    [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired' }, 'SALESFORCE_UNAUTHORIZED'],
    [{ errorCode: 'INVALID_FIELD', message: "No such column 'X__c'" }, 'SALESFORCE_SCHEMA'],
    [{ errorCode: 'MALFORMED_QUERY', message: 'unexpected token' }, 'SALESFORCE_REJECTED'],
    [{ errorCode: 'ERROR_HTTP_503', message: '' }, 'SALESFORCE_UNAVAILABLE'],
    [{ errorCode: 'ERROR_HTTP_429', message: '' }, 'SALESFORCE_UNAVAILABLE'],
    [{ errorCode: 'SERVER_UNAVAILABLE', message: 'busy' }, 'SALESFORCE_UNAVAILABLE'],
    [{ name: 'invalid_client', message: 'invalid client credentials' }, 'SALESFORCE_UNAUTHORIZED'],
    [new TypeError('fetch failed'), 'SALESFORCE_UNAVAILABLE'],
  ])('translates %j to %s', (thrown, code) => {
    expect(toSyncError(Object.assign(new Error(), thrown), 'reading').code).toBe(code);
  });
});
