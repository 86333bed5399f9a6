import type { ConditionWithValueQuery, HavingClause, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformedQuery } from '../errors.ts';

/** A condition of WHERE or HAVING, its parentheses resolved. */
export type ConditionTree<Leaf> =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly ConditionTree<Leaf>[] }
  | { readonly kind: 'not'; readonly operand: ConditionTree<Leaf> };

/** A condition on one field, as the parser gives it. */
export type FieldCondition = Exclude<ConditionWithValueQuery, { openParen: number }>;

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | FieldCondition;

/**
 * Builds the tree of a clause. AND, OR and NOT may be mixed only with parentheses (SOQL and SOSL Reference,
 * "Logical Operators": "Parentheses are required whenever you mix the operators"), so there is no precedence to know.
 * The parser loses the third of three nested NOTs; the parentheses then do not add up and the query is refused.
 */
export function conditionTree(clause: WhereClause | HavingClause): ConditionTree<FieldCondition> {
  const tokens = toTokens(clause);
  let position = 0;

  function group(): ConditionTree<FieldCondition> {
    if (tokens[position] === 'NOT') {
      position += 1;
      return { kind: 'not', operand: operand() };
    }
    const first = operand();
    const operator = tokens[position];
    if (operator !== 'AND' && operator !== 'OR') return first;
    const operands = [first];
    while (tokens[position] === operator) {
      position += 1;
      operands.push(operand());
    }
    return { kind: operator === 'AND' ? 'and' : 'or', operands };
  }

  function operand(): ConditionTree<FieldCondition> {
    const token = tokens[position];
    position += 1;
    if (token === '(') {
      const inner = group();
      if (tokens[position] !== ')') throw unexpected(tokens[position]);
      position += 1;
      return inner;
    }
    if (token === undefined || typeof token === 'string') throw unexpected(token);
    return { kind: 'leaf', leaf: token };
  }

  const tree = group();
  if (position < tokens.length) throw unexpected(tokens[position]);
  return tree;
}

const unexpected = (token: Token | undefined) =>
  malformedQuery(
    `unexpected token: ${typeof token === 'string' ? token : 'a condition'} ` +
      '(AND, OR and NOT may be mixed only with parentheses)',
  );

/** The parser gives a list that leans to the right and counts parentheses; this is the same list as written. */
function toTokens(clause: WhereClause | HavingClause): Token[] {
  const tokens: Token[] = [];
  const push = (token: '(' | ')', count = 0) => {
    for (let i = 0; i < count; i++) tokens.push(token);
  };
  for (let node: WhereClause | HavingClause | undefined = clause; node;) {
    const { left } = node;
    if (left && 'operator' in left) {
      push('(', left.openParen);
      tokens.push(left);
      push(')', left.closeParen);
    } else if (left) {
      push('(', left.openParen);
    }
    if ('operator' in node) {
      tokens.push(node.operator);
      node = node.right;
    } else {
      node = undefined;
    }
  }
  return tokens;
}
