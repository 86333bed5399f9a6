import { createRandom } from '../random.ts';
import type { FaultRule } from './faultRule.ts';

/** A rule and how often it met a request and struck. */
export interface FaultCount {
  readonly rule: FaultRule;
  readonly matches: number;
  readonly hits: number;
}

/** The faults that are switched on. Deterministic: the same requests in the same order meet the same faults. */
export interface FaultRules {
  readonly counts: readonly FaultCount[];
  replace(rules: readonly FaultRule[]): void;
  /** The first rule that strikes this request, if any. */
  strike(method: string, url: string): FaultRule | undefined;
}

export function createFaultRules(): FaultRules {
  let armed: Armed[] = [];
  return {
    get counts() {
      return armed.map(({ rule, matches, hits }) => ({ rule, matches, hits }));
    },
    replace: (rules) => {
      armed = rules.map((rule) => ({ rule, matches: 0, hits: 0, random: createRandom(rule.seed) }));
    },
    strike: (method, url) => armed.find((each) => isStruck(each, method, url))?.rule,
  };
}

interface Armed {
  readonly rule: FaultRule;
  readonly random: () => number;
  matches: number;
  hits: number;
}

function isStruck(armed: Armed, method: string, url: string): boolean {
  const { rule } = armed;
  if (rule.match.method !== undefined && rule.match.method !== method) return false;
  if (rule.match.path !== undefined && !new RegExp(rule.match.path).test(url)) return false;
  armed.matches += 1;
  if (rule.every !== undefined && armed.matches % rule.every !== 0) return false;
  if (rule.probability !== undefined && armed.random() >= rule.probability) return false;
  if (rule.times !== undefined && armed.hits >= rule.times) return false;
  armed.hits += 1;
  return true;
}
