import { problem, type Component, type Problem } from '../component.ts';
import { suffixOf } from '../objectSchemas.ts';
import { isTrue, node, nodes, text, type XmlNode } from '../xml.ts';
import type { Surroundings } from './validator.ts';
import { required } from './labels.ts';

/**
 * What an object needs of its own (Metadata API Developer Guide, "CustomObject"; Platform Events Developer Guide;
 * Custom Metadata Types Implementation Guide). "Must specify a non-empty label for the CustomObject" is quoted in
 * forcedotcom/cli#1220; the other messages are believed.
 */
export function objectProblems(component: Component, { world }: Surroundings): Problem[] {
  const { fullName, definition } = component;
  const suffix = suffixOf(fullName);
  if (!suffix) {
    return world.hasObject(fullName)
      ? []
      : [problem(`Entity Enumeration Or ID: bad value for restricted picklist field: ${fullName}`)];
  }
  const isNameGood =
    /^[A-Za-z](?:_?[A-Za-z0-9])*__(?:c|e|mdt)$/.test(fullName) && fullName.length - suffix.length <= 40;
  const checks: [boolean, string][] = [
    [!isNameGood, `The Object Name you provided ${fullName} is not valid.`],
    [text(definition, 'label') === undefined, 'Must specify a non-empty label for the CustomObject'],
    [
      text(definition, 'pluralLabel') === undefined,
      'Must specify a non-empty pluralLabel for the CustomObject',
    ],
  ];
  const own = checks.filter(([isWrong]) => isWrong).map(([, message]) => problem(message));
  return [...own, ...kindProblems(component, suffix)];
}

function kindProblems(component: Component, suffix: '__c' | '__e' | '__mdt'): Problem[] {
  const { definition } = component;
  if (suffix === '__c')
    return [
      ...required(component, ['deploymentStatus', 'sharingModel', 'nameField']),
      ...nameFieldProblems(definition),
    ];
  const wrong = [
    'nameField',
    'sharingModel',
    ...(suffix === '__mdt' ? ['deploymentStatus', 'eventType'] : []),
  ];
  const kind = suffix === '__e' ? 'a platform event' : 'a custom metadata type';
  const unfit = wrong
    .filter((element) => definition[element] !== undefined)
    .map((element) => problem(`Cannot specify: ${element} for ${kind}`));
  return suffix === '__e' ? [...eventProblems(component), ...unfit] : unfit;
}

function nameFieldProblems(definition: XmlNode): Problem[] {
  if (nodes(definition, 'nameField').length === 0) return [];
  const nameField = node(definition, 'nameField');
  const type = text(nameField, 'type');
  if (type === 'AutoNumber') return [problem('nameField of type AutoNumber is not emulated by local-org')];
  if (type !== 'Text') return [problem('Must specify a nameField of type Text or AutoNumber')];
  return text(nameField, 'label') === undefined
    ? [problem('Must specify a non-empty label for the nameField')]
    : [];
}

/** Standard-volume events can no longer be defined (Platform Events Developer Guide, "Define … Platform Events"). */
function eventProblems(component: Component): Problem[] {
  const { definition } = component;
  const behaviour = text(definition, 'publishBehavior');
  return [
    ...required(component, ['deploymentStatus', 'eventType']),
    ...(text(definition, 'eventType') === 'StandardVolume'
      ? [problem('Standard-volume platform events can no longer be defined')]
      : []),
    ...(behaviour !== undefined && !['PublishImmediately', 'PublishAfterCommit'].includes(behaviour)
      ? [problem(`'${behaviour}' is not a valid value for the enum 'PlatformEventPublishBehavior'`)]
      : []),
    ...(isTrue(definition, 'enableHistory')
      ? [problem('Cannot specify: enableHistory for a platform event')]
      : []),
  ];
}
