import { compareField, type DescribedField } from './compareField.ts';
import type { SurplusRows } from './countSurplusRows.ts';
import type { DeployProblem } from './deployProblem.ts';
import type { FieldDefinition } from './fieldDefinition.ts';
import { editKeyField, editNamedCredential } from './editSource.ts';
import { componentKey, objectOf, type PackageComponent } from './packageComponent.ts';
import { customerObjects, packageNames } from './packageNames.ts';
import type { SourcePackage } from './readPackage.ts';

/** What was seen of an org before anything is sent. */
export interface OrgState {
  /** Component keys of what exists, whether this user may see it or not. */
  readonly existing: ReadonlySet<string>;
  /** By object: the fields this user sees; null where there is no object to be seen. */
  readonly objects: ReadonlyMap<string, ReadonlyMap<string, DescribedField> | null>;
  readonly surplus: SurplusRows;
}

export interface DeployDecision {
  readonly send: readonly PackageComponent[];
  /** Files that are sent with another text, by `file`. */
  readonly texts: ReadonlyMap<string, string>;
  readonly left: readonly { readonly component: PackageComponent; readonly reason: string }[];
  /** Anything here means that nothing is sent. */
  readonly problems: readonly DeployProblem[];
  /** Whether the key of the staging rows will be unique after the deploy. */
  readonly isKeyUnique: boolean;
}

/** Where what the org holds is a setting of the customer's once it is there. */
const settingTypes = new Set(['ExternalCredential', 'CustomMetadata']);

/** The metadata types of which `decideDeploy` must know what the org has. */
export const decidingTypes = (components: readonly PackageComponent[]): string[] => [
  ...new Set(
    components
      .filter(
        ({ type, isOptIn }) =>
          isOptIn || settingTypes.has(type) || type === 'CustomField' || type === 'NamedCredential',
      )
      .map(({ type }) => type)
      .concat('CustomObject'),
  ),
];

type Verdict =
  | { readonly kind: 'send'; readonly text?: string }
  | { readonly kind: 'left'; readonly reason: string }
  | { readonly kind: 'problem'; readonly problem: string; readonly action: string };

const send: Verdict = { kind: 'send' };
const left = (reason: string): Verdict => ({ kind: 'left', reason });

/**
 * Decides what an org is sent. The rule: what bears our name is ours and is always sent; a field, an object, a layout,
 * a credential or a setting which the org has already is the customer's and is left as it is. The key field alone is
 * sent again, when it lacks External ID or could be unique and is not, with the org's own label and length. A field
 * that cannot hold what the sync writes is a problem, and then nothing at all is sent.
 */
export function decideDeploy(
  source: Pick<SourcePackage, 'components' | 'fields' | 'readText'>,
  org: OrgState,
  options: { readonly withObjects: boolean; readonly middlewareUrl: string | null },
): DeployDecision {
  const candidates = source.components.filter(({ isOptIn }) => options.withObjects || !isOptIn);
  const missing = options.withObjects ? [] : customerObjects.filter((object) => !hasObject(org, object));
  const verdicts = candidates
    .filter(({ fullName }) => !missing.includes(objectOf(fullName)))
    .map((component) => ({ component, verdict: judge(component) }));

  function judge(component: PackageComponent): Verdict {
    const exists = org.existing.has(componentKey(component));
    const definition = source.fields.get(component.fullName);
    if (
      component.type === 'CustomField' &&
      definition !== undefined &&
      customerObjects.includes(definition.object)
    ) {
      return judgeField(component, definition, exists);
    }
    if (component.type === 'NamedCredential' && component.fullName === packageNames.namedCredential) {
      if (options.middlewareUrl !== null) {
        return { kind: 'send', text: editNamedCredential(source.readText(component), options.middlewareUrl) };
      }
      return exists ? left('its address is as it was set') : send;
    }
    if (!exists) return send;
    if (component.isOptIn && component.type !== 'PermissionSet') return left('the org has one of this name');
    return settingTypes.has(component.type) ? left('it may hold your settings') : send;
  }

  function judgeField(component: PackageComponent, wanted: FieldDefinition, exists: boolean): Verdict {
    const found = org.objects.get(wanted.object)?.get(wanted.name);
    if (found === undefined)
      return exists ? left('the org has it, hidden from you: its type was not looked at') : send;
    const misfit = compareField(wanted, found);
    if (misfit !== null) {
      return {
        kind: 'problem',
        problem: `The org's field ${misfit}.`,
        action:
          'Nothing of yours is overwritten. Change the field in Setup > Object Manager, or give it another API name, then deploy again.',
      };
    }
    if (!wanted.isUnique) return left('the org has it');
    const canBeUnique = org.surplus.rows === 0;
    if (found.externalId && (found.unique || !canBeUnique)) return left('the org has it');
    const text = editKeyField(source.readText(component), {
      isUnique: canBeUnique,
      label: found.label,
      length: found.length,
    });
    return { kind: 'send', text };
  }

  const keyName = `${packageNames.stagingObject}.${packageNames.keyField}`;
  const key = verdicts.find(({ component }) => component.fullName === keyName);
  const foundKey = org.objects.get(packageNames.stagingObject)?.get(packageNames.keyField);
  return {
    send: verdicts.flatMap(({ component, verdict }) => (verdict.kind === 'send' ? [component] : [])),
    texts: new Map(
      verdicts.flatMap(({ component, verdict }) =>
        verdict.kind === 'send' && verdict.text !== undefined
          ? [[component.file, verdict.text] as const]
          : [],
      ),
    ),
    left: verdicts.flatMap(({ component, verdict }) =>
      verdict.kind === 'left' ? [{ component, reason: verdict.reason }] : [],
    ),
    problems: [
      ...missing.map(missingObject),
      ...verdicts.flatMap(({ component: { type, fullName, file }, verdict }) =>
        verdict.kind === 'problem'
          ? [
              {
                type,
                fullName,
                file,
                problem: verdict.problem,
                action: verdict.action,
                line: null,
                column: null,
              },
            ]
          : [],
      ),
    ],
    isKeyUnique: key?.verdict.kind === 'send' ? org.surplus.rows === 0 : (foundKey?.unique ?? false),
  };
}

const hasObject = ({ existing, objects }: OrgState, object: string): boolean =>
  existing.has(componentKey({ type: 'CustomObject', fullName: object })) || objects.get(object) != null;

const missingObject = (object: string): DeployProblem => ({
  type: 'CustomObject',
  fullName: object,
  problem: 'The org has no such object.',
  action: 'Deploy with --with-objects to create it, or create your own object of this name first.',
  file: '',
  line: null,
  column: null,
});
