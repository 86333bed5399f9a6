import { isSameComponent, keyOf, type Component, type OrgComponent, type Problem } from './component.ts';
import { deleteComponents } from './deleteComponents.ts';
import { problemMessage, successMessage, type DeployMessage } from './deployMessage.ts';
import type { DeployDeps } from './deployDeps.ts';
import type { DeployOptions } from './deployOptions.ts';
import type { Package } from './readPackage.ts';
import { validateComponent } from './validateComponent.ts';
import { createWorld } from './world.ts';

/** What a deploy would do. Nothing has been changed yet. */
export interface DeployPlan {
  readonly messages: readonly DeployMessage[];
  /** The metadata as it is to be: without the failed components. */
  readonly components: ReadonlyMap<string, OrgComponent>;
}

/**
 * Plans a deploy: deletions before, components, deletions after, each judged in the org as it would be. A component that
 * needs one that fails, fails as well.
 */
export function deployPackage(pack: Package, options: DeployOptions, deps: DeployDeps): DeployPlan {
  const { catalog, nowMs } = deps;
  const before = deleteComponents(pack.deletionsBefore, catalog.components, options, deps, new Set());
  const failures = new Map<Component, Problem[]>();
  let next = before.components;
  for (;;) {
    const good = pack.components.filter((component) => !failures.has(component));
    next = withComponents(before.components, good, deps);
    const world = createWorld(next, deps.standardObjects);
    const found = good
      .map((component) => [component, problemsOf(component)] as const)
      .filter(([, problems]) => problems.some(({ type }) => type === 'Error' || !options.ignoreWarnings));
    for (const [component, problems] of found) failures.set(component, problems);
    if (found.length === 0) break;

    function problemsOf(component: Component): Problem[] {
      const previous = before.components.get(keyOf(component.type, component.fullName));
      const problems = validateComponent(component, world, previous);
      return problems.length > 0 ? problems : deps.findDataProblems(component);
    }
  }
  const replaced = new Set(pack.components.map(({ type, fullName }) => keyOf(type, fullName)));
  const after = deleteComponents(pack.deletionsAfter, next, options, deps, replaced);
  return {
    components: after.components,
    messages: [
      ...pack.manifests.map((fileName) => manifestMessage(fileName, nowMs)),
      ...pack.problems.map((each) => problemMessage(each, nowMs, { message: each.message, type: 'Error' })),
      ...before.messages,
      ...pack.components.flatMap((component) =>
        componentMessages(component, failures.get(component), [before.components, next], nowMs),
      ),
      ...after.messages,
    ],
  };
}

const manifestMessage = (fileName: string, nowMs: number): DeployMessage =>
  successMessage({ type: '', fullName: fileName.slice(fileName.indexOf('/') + 1), fileName }, nowMs, {
    changed: true,
  });

/** The components of the org with these put in; what says the same as before stays as it is. */
function withComponents(
  present: ReadonlyMap<string, OrgComponent>,
  added: readonly Component[],
  { catalog, nowMs, userId }: DeployDeps,
): Map<string, OrgComponent> {
  const next = new Map(present);
  for (const component of added) {
    const key = keyOf(component.type, component.fullName);
    const old = present.get(key);
    if (old && isSameComponent(old, component)) continue;
    const changed = { changedMs: nowMs, changedById: userId };
    next.set(key, {
      createdMs: nowMs,
      createdById: userId,
      ...(old && { createdMs: old.createdMs, createdById: old.createdById }),
      id: old?.id ?? catalog.newId(component.type),
      ...component,
      ...changed,
    });
  }
  return next;
}

function componentMessages(
  component: Component,
  problems: readonly Problem[] | undefined,
  [before, next]: readonly [ReadonlyMap<string, OrgComponent>, ReadonlyMap<string, OrgComponent>],
  nowMs: number,
): DeployMessage[] {
  if (problems) return problems.map((each) => problemMessage(component, nowMs, each));
  const key = keyOf(component.type, component.fullName);
  const [old, now] = [before.get(key), next.get(key)];
  return [
    successMessage(component, nowMs, { id: now?.id, created: old === undefined, changed: old !== now }),
  ];
}
