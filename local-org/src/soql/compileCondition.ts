import { invalidField, malformedQuery } from '../errors.ts';
import type { FieldSchema, Value } from '../store/schema.ts';
import type { ConditionTree, FieldCondition } from './conditionTree.ts';
import { compareValues } from './compareValues.ts';
import { dateRange, toDays } from './dateRanges.ts';
import { assertComparable, likePattern, literalsOf, toFieldValue, type Literal } from './literals.ts';

/** What a condition compares: a field of a record, or an aggregate of a group. */
export interface Operand<T> {
  readonly field: FieldSchema;
  read(row: T): Value;
}

/** A compiled condition on one operand. `values` are the only ones that can match, when the condition lists them. */
export interface CompiledLeaf<T> {
  readonly operand: Operand<T>;
  readonly values: readonly Value[] | undefined;
  matches(row: T): boolean;
}

/** What compiling needs to know. `runSubquery` answers the values of a semi-join's only column. */
export interface CompileContext<T> {
  readonly nowMs: number;
  resolve(condition: FieldCondition): Operand<T>;
  runSubquery(query: Extract<FieldCondition, { valueQuery: unknown }>['valueQuery']): ReadonlySet<Value>;
}

/** Compiles every leaf once, so that type errors come before any row is read. */
export function compileTree<T>(
  tree: ConditionTree<FieldCondition>,
  context: CompileContext<T>,
): ConditionTree<CompiledLeaf<T>> {
  switch (tree.kind) {
    case 'leaf':
      return { kind: 'leaf', leaf: compileLeaf(tree.leaf, context) };
    case 'not':
      return { kind: 'not', operand: compileTree(tree.operand, context) };
    default:
      return { kind: tree.kind, operands: tree.operands.map((operand) => compileTree(operand, context)) };
  }
}

/** Whether the row meets the condition. SOQL knows only true and false, so NOT of a false comparison is true. */
export function matchesTree<T>(tree: ConditionTree<CompiledLeaf<T>>, row: T): boolean {
  switch (tree.kind) {
    case 'leaf':
      return tree.leaf.matches(row);
    case 'not':
      return !matchesTree(tree.operand, row);
    case 'and':
      return tree.operands.every((operand) => matchesTree(operand, row));
    case 'or':
      return tree.operands.some((operand) => matchesTree(operand, row));
  }
}

function compileLeaf<T>(condition: FieldCondition, context: CompileContext<T>): CompiledLeaf<T> {
  const operand = context.resolve(condition);
  const { field } = operand;
  if (field.isLongText) throw invalidField(`field '${field.name}' can not be filtered in a query call`);
  const leaf = (test: (value: Value) => boolean, values?: readonly Value[]): CompiledLeaf<T> => ({
    operand,
    values,
    matches: (row) => test(operand.read(row)),
  });
  if ('valueQuery' in condition) {
    const found = context.runSubquery(condition.valueQuery);
    return condition.operator === 'NOT IN'
      ? leaf((value) => !found.has(value))
      : leaf((value) => found.has(value));
  }
  const literals = literalsOf(condition);
  for (const literal of literals) assertComparable(field, literal);
  switch (condition.operator) {
    case 'IN':
    case 'NOT IN': {
      if (literals.some(isRange)) throw malformedQuery('not emulated by local-org: date literals in IN');
      const values = literals.map((literal) => toFieldValue(field, literal));
      const keys = new Set(values.map((value) => equalityKey(field, value)));
      return condition.operator === 'IN'
        ? leaf((value) => keys.has(equalityKey(field, value)), values)
        : leaf((value) => !keys.has(equalityKey(field, value)));
    }
    case 'LIKE':
      return leaf(compileLike(field, literals[0]));
    case 'INCLUDES':
    case 'EXCLUDES':
      throw malformedQuery(`not emulated by local-org: ${condition.operator} in SOQL`);
    default: {
      const literal = literals[0] as Literal;
      if (isRange(literal)) return leaf(compileRange(field, condition.operator, literal, context.nowMs));
      const value = toFieldValue(field, literal);
      return leaf(
        compileComparison(field, condition.operator, value),
        condition.operator === '=' ? [value] : undefined,
      );
    }
  }
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

const isRange = ({ kind }: Literal) => kind === 'DATE_LITERAL' || kind === 'DATE_N_LITERAL';

/** Text is equal whatever its case (SOQL and SOSL Reference, "Comparison Operators"); ids are not text. */
const equalityKey = (field: FieldSchema, value: Value): Value =>
  typeof value === 'string' && field.type !== 'id' && field.type !== 'reference'
    ? value.toLowerCase()
    : value;

/** A null is equal to null only, and neither smaller nor greater than anything; `!=` a value holds for null. */
function compileComparison(
  field: FieldSchema,
  operator: Comparison,
  expected: Value,
): (value: Value) => boolean {
  const key = equalityKey(field, expected);
  if (operator === '=') return (value) => equalityKey(field, value) === key;
  if (operator === '!=') return (value) => equalityKey(field, value) !== key;
  if (field.type === 'boolean') throw malformedQuery(`invalid operator on boolean field: ${field.name}`);
  const isInOrder = {
    '<': (order: number) => order < 0,
    '<=': (order: number) => order <= 0,
    '>': (order: number) => order > 0,
    '>=': (order: number) => order >= 0,
  }[operator];
  return (value) => value !== null && expected !== null && isInOrder(compareValues(value, expected));
}

/** TODAY and its like are ranges: `=` is inside, `<` before the start, `<=` before the end, and so on. */
function compileRange(
  field: FieldSchema,
  operator: Comparison,
  literal: Literal,
  nowMs: number,
): (value: Value) => boolean {
  const range = dateRange(literal.text, nowMs);
  const { start, end } = field.type === 'date' ? toDays(range) : { start: range.startMs, end: range.endMs };
  const isBefore = (value: Value, limit: Value) => compareValues(value, limit) < 0;
  const tests: Record<Comparison, (value: Value) => boolean> = {
    '=': (value) => !isBefore(value, start) && isBefore(value, end),
    '!=': (value) => isBefore(value, start) || !isBefore(value, end),
    '<': (value) => isBefore(value, start),
    '<=': (value) => isBefore(value, end),
    '>': (value) => !isBefore(value, end),
    '>=': (value) => !isBefore(value, start),
  };
  return (value) => (value === null ? operator === '!=' : tests[operator](value));
}

function compileLike(field: FieldSchema, literal: Literal | undefined): (value: Value) => boolean {
  const isText = field.type === 'string' || field.type === 'picklist' || field.type === 'textarea';
  if (!isText) throw invalidField(`invalid operator on ${field.type} field: ${field.name}`);
  if (literal?.kind !== 'STRING') throw malformedQuery('LIKE takes a string in quotes');
  const pattern = likePattern(literal.text);
  return (value) => typeof value === 'string' && pattern.test(value);
}
