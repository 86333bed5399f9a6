import { keyOf, parentOf, type Component, type OrgComponent, type Problem } from './component.ts';
import { problemMessage, successMessage, type DeployMessage } from './deployMessage.ts';
import type { DeployOptions } from './deployOptions.ts';
import type { DeployDeps } from './deployDeps.ts';
import { findChildType } from './metadataTypes.ts';
import type { Deletion } from './readPackage.ts';
import { mentions } from './validators/apex.ts';
import { VALIDATORS } from './validators/validators.ts';

/** The components that remain, and what to say of each deletion. */
export interface DeletionPlan {
  readonly components: ReadonlyMap<string, OrgComponent>;
  readonly messages: readonly DeployMessage[];
}

/**
 * Takes components out. What is not there is a warning; what another component that stays refers to is refused (messages
 * quoted in public threads: "No CustomField named: X found", "… is referenced elsewhere in salesforce.com").
 */
export function deleteComponents(
  deletions: readonly Deletion[],
  components: ReadonlyMap<string, OrgComponent>,
  { ignoreWarnings }: DeployOptions,
  { nowMs, findUse }: Pick<DeployDeps, 'nowMs' | 'findUse'>,
  replaced: ReadonlySet<string>,
): DeletionPlan {
  const doomed = new Set(deletions.flatMap((deletion) => withParts(deletion, components)));
  const next = new Map(components);
  const messages = deletions.map((deletion): DeployMessage => {
    const found = components.get(keyOf(deletion.type, deletion.fullName));
    if (!found) {
      const missing: Problem = {
        message: `No ${deletion.type} named: ${deletion.fullName} found`,
        type: 'Warning',
      };
      return problemMessage(deletion, nowMs, missing, { success: ignoreWarnings });
    }
    const holder = [...components].find(([key, other]) => !doomed.has(key) && holds(other, found))?.[1];
    if (holder) {
      const message = `This ${deletion.type} is referenced elsewhere in salesforce.com: ${holder.fullName} (${holder.type}). Remove the usage and try again.`;
      return problemMessage(deletion, nowMs, { message, type: 'Error' });
    }
    const use = findUse(found);
    if (use !== undefined) return problemMessage(deletion, nowMs, { message: use, type: 'Error' });
    if (replaced.has(keyOf(deletion.type, deletion.fullName))) {
      return problemMessage(deletion, nowMs, {
        message: 'The component is both deployed and deleted',
        type: 'Error',
      });
    }
    for (const key of withParts(deletion, components)) next.delete(key);
    return successMessage(deletion, nowMs, { deleted: true, changed: true, id: found.id });
  });
  return { components: next, messages };
}

/** The component and what lies in it: an object goes with its fields. */
function withParts(
  { type, fullName }: Pick<Deletion, 'type' | 'fullName'>,
  components: ReadonlyMap<string, OrgComponent>,
): string[] {
  const parts =
    type === 'CustomObject'
      ? [...components].filter(
          ([, { type: own, fullName: name }]) =>
            findChildType(own) && parentOf(name).toLowerCase() === fullName.toLowerCase(),
        )
      : [];
  return [keyOf(type, fullName), ...parts.map(([key]) => key)];
}

function holds(holder: Component, held: Component): boolean {
  if (holder.type === 'ApexClass' || holder.type === 'ApexTrigger') {
    if (
      ['CustomObject', 'CustomField', 'ApexClass'].includes(held.type) &&
      holder.fullName !== held.fullName
    ) {
      return mentions(holder, held.type, held.fullName);
    }
  }
  if (
    holder.type === 'CustomField' &&
    held.type === 'CustomObject' &&
    parentOf(holder.fullName) === held.fullName
  )
    return false;
  const references = VALIDATORS[holder.type]?.references?.(holder) ?? [];
  return references.some(
    ({ isHolding, type, fullName }) => isHolding && keyOf(type, fullName) === keyOf(held.type, held.fullName),
  );
}
