import type { XmlNode } from './xml.ts';

/** One piece of metadata, from a package or in the org. Names are those of the Metadata API. */
export interface Component {
  /** `CustomField`, `ApexClass`, … */
  readonly type: string;
  /** `Product_Property__c.Status__c`. */
  readonly fullName: string;
  /** Where it lies in a package: `objects/Product_Property__c.object`. */
  readonly fileName: string;
  /** Its XML below the root; of Apex and Lightning that of the `-meta.xml` file. */
  readonly definition: XmlNode;
  /** The files that are its own, by path in a package; none for what lies in the file of its object. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Where it begins in the file; from 1. */
  readonly line: number;
  readonly column: number;
}

/** A component of the org. */
export interface OrgComponent extends Component {
  /** 18 characters, with the key prefix of its type. */
  readonly id: string;
  readonly createdMs: number;
  readonly createdById: string;
  readonly changedMs: number;
  readonly changedById: string;
}

/** What is wrong with a component. A warning does not stop a deploy. */
export interface Problem {
  readonly message: string;
  readonly type: 'Error' | 'Warning';
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export const problem = (message: string): Problem => ({ message, type: 'Error' });

/** Names are told apart without regard to case. */
export const keyOf = (type: string, fullName: string): string => `${type}:${fullName}`.toLowerCase();

/** The object of `Object.Child`, as fields, list views and validation rules are named. */
export const parentOf = (fullName: string): string => fullName.slice(0, Math.max(0, fullName.indexOf('.')));

/** The name after the object's. */
export const ownName = (fullName: string): string => fullName.slice(fullName.indexOf('.') + 1);

/** Whether both say the same, whatever file they lie in. */
export function isSameComponent(left: Component, right: Component): boolean {
  if (JSON.stringify(sorted(left.definition)) !== JSON.stringify(sorted(right.definition))) return false;
  const [own, others] = [sources(left), sources(right)];
  return (
    own.length === others.length &&
    own.every(([path, data], index) => path === others[index]?.[0] && data.equals(others[index][1]))
  );
}

/** The files that are not the definition itself: Apex source and the parts of a Lightning bundle. */
const sources = ({ files }: Component): [string, Buffer][] =>
  files.size < 2
    ? []
    : [...files].filter(([path]) => !path.endsWith('-meta.xml')).sort(([a], [b]) => (a < b ? -1 : 1));

/** Element names in order, so that their order in the file does not matter; the order of a list does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, child]) => [name, sorted(child)]),
  );
}
