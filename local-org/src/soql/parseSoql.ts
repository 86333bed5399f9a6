import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import { ApiError, malformedQuery } from '../errors.ts';

/** SOQL and SOSL Reference, "Limits": a statement has at most 100,000 characters, an offset is at most 2,000. */
const MAX_QUERY_LENGTH = 100_000;
const MAX_OFFSET = 2000;

/** Parses a query and refuses, in plain words, the parts of SOQL that this org does not run. */
export function parseSoql(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH)
    throw malformedQuery('SOQL statements cannot be longer than 100000 characters.');
  const query = parse(text);
  refuseUnsupported(query);
  if ((query.offset ?? 0) > MAX_OFFSET) {
    throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
  }
  return query;
}

function parse(text: string): Query {
  try {
    // Without options: with any, the library builds its whole grammar again, which costs 75 ms a query.
    return parseQuery(text);
  } catch (error) {
    throw malformedQuery((error as Error).message.split('\n')[0] ?? 'unexpected end of query');
  }
}

function refuseUnsupported(query: Query): void {
  const refuse = (feature: string) => malformedQuery(`not emulated by local-org: ${feature} in SOQL`);
  if (query.usingScope) throw refuse('USING SCOPE');
  if (query.withDataCategory ?? query.withSecurityEnforced ?? query.withAccessLevel) throw refuse('WITH');
  if (query.for) throw refuse(`FOR ${query.for}`);
  if (query.update) throw refuse(`UPDATE ${query.update}`);
  for (const field of query.fields ?? []) {
    if (field.type === 'FieldSubquery') throw refuse('a child subquery');
    if (field.type === 'FieldTypeof') throw refuse('TYPEOF');
    if (field.type === 'FieldFunctionExpression' && !field.isAggregateFn)
      throw refuse(`${field.functionName}()`);
  }
}
