import type { DescribedField } from './compareField.ts';
import { componentKey, fieldOf, objectOf, type PackageComponent } from './packageComponent.ts';
import { customerObjects } from './packageNames.ts';
import type { SourcePackage } from './readPackage.ts';

/** What an object holds, as far as an undeploy must know. */
export interface ObjectData {
  readonly rows: number;
  /** By field: how many rows have a value; null where that cannot be counted. */
  readonly values: ReadonlyMap<string, number | null>;
}

export interface UndeployState {
  readonly existing: ReadonlySet<string>;
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, DescribedField> | null>;
  readonly data: ReadonlyMap<string, ObjectData>;
}

export interface Kept {
  readonly component: PackageComponent;
  readonly reason: string;
}

export interface UndeployDecision {
  /** What refers to others, deleted first. */
  readonly first: readonly PackageComponent[];
  /** What is referred to, deleted last. */
  readonly last: readonly PackageComponent[];
  readonly kept: readonly Kept[];
}

/** What others of the package refer to; everything else refers, and goes first. */
const referredTypes = new Set([
  'CustomField',
  'CustomObject',
  'CustomPermission',
  'CustomLabel',
  'CustomMetadata',
  'ExternalCredential',
]);

/**
 * Decides what an undeploy takes out of an org: only what bears a name of the package, never a field or an object that
 * holds data, and never a field which is not the one that was deployed, known by its type and help text. An object and
 * what came with it go only when asked for, and only when every field of it is ours and none is kept.
 */
export function decideUndeploy(
  source: Pick<SourcePackage, 'components' | 'fields'>,
  org: UndeployState,
  options: { readonly withObjects: boolean },
): UndeployDecision {
  const present = source.components.filter((component) => org.existing.has(componentKey(component)));
  const reasons = new Map<PackageComponent, string>();
  for (const component of present) {
    const reason = fieldReason(component);
    if (reason !== null) reasons.set(component, reason);
  }
  const goneObjects = new Set(
    options.withObjects ? customerObjects.filter((object) => objectReason(object) === null) : [],
  );
  for (const component of present.filter(({ isOptIn, type }) => isOptIn && type !== 'PermissionSet')) {
    const reason = optInReason(component);
    if (reason !== null) reasons.set(component, reason);
  }

  function fieldReason({ type, fullName }: PackageComponent): string | null {
    const object = objectOf(fullName);
    if (type !== 'CustomField' || !customerObjects.includes(object)) return null;
    const found = org.objects.get(object)?.get(fieldOf(fullName));
    const wanted = source.fields.get(fullName);
    if (found === undefined) return 'hidden from you, so nobody can say whether it holds data';
    if (found.inlineHelpText !== wanted?.helpText)
      return 'it is not as it was deployed, so it counts as yours';
    return dataReason(object, fieldOf(fullName));
  }

  function dataReason(object: string, field: string): string | null {
    const data = org.data.get(object);
    if (data?.rows === 0) return null;
    const values = data?.values.get(field) ?? null;
    if (values === null) return 'the object has rows, and its values cannot be counted';
    return values === 0
      ? null
      : `${values.toLocaleString('en-US')} ${values === 1 ? 'row holds' : 'rows hold'} a value, the recycle bin included`;
  }

  /** Why an object stays; null when nothing is lost with it. */
  function objectReason(object: string): string | null {
    const rows = org.data.get(object)?.rows ?? null;
    if (rows === null) return 'nobody can say whether it holds data';
    if (rows > 0)
      return `it holds ${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}, the recycle bin included`;
    const foreign = [...org.existing]
      .filter((key) => key.startsWith(`CustomField#${object}.`))
      .map((key) => key.slice('CustomField#'.length))
      .filter((fullName) => !source.fields.has(fullName));
    if (foreign.length > 0) return `it has fields of yours: ${foreign.slice(0, 3).join(', ')}`;
    const keptField = [...reasons.keys()].find(({ fullName }) => objectOf(fullName) === object);
    return keptField === undefined ? null : `${keptField.fullName} stays`;
  }

  function optInReason({ type, fullName }: PackageComponent): string | null {
    if (!options.withObjects) return 'it came with the objects: --with-objects removes it';
    // A layout is named after its object and a dash.
    const object = customerObjects.find(
      (name) => objectOf(fullName) === name || fullName.startsWith(`${name}-`),
    );
    if (object === undefined || goneObjects.has(object)) return null;
    return type === 'CustomObject' ? objectReason(object) : `${object} stays`;
  }

  const isImplied = ({ type, fullName }: PackageComponent): boolean =>
    ['CustomField', 'ListView', 'Layout'].includes(type) &&
    [...goneObjects].some((object) => objectOf(fullName) === object || fullName.startsWith(`${object}-`));
  const gone = present.filter((component) => !reasons.has(component) && !isImplied(component));
  return {
    first: gone.filter(({ type }) => !referredTypes.has(type)),
    last: gone.filter(({ type }) => referredTypes.has(type)),
    kept: [...reasons].map(([component, reason]) => ({ component, reason })),
  };
}
