import { parentOf, problem, type Component, type Problem } from '../component.ts';
import { FIELD_TYPES, picklistValues } from '../fieldDefinition.ts';
import { suffixOf } from '../objectSchemas.ts';
import { node, nodes, text, type XmlNode } from '../xml.ts';
import { inField, type Reference } from './reference.ts';
import type { Surroundings } from './validator.ts';

/** Whole numbers between the two, as metadata writes them. */
const isBetween = (value: string | undefined, least: number, most: number): boolean =>
  value !== undefined && /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;

/**
 * What is wrong with a custom field by itself (Metadata API Developer Guide, "CustomField"; limits: Salesforce Help,
 * "Custom Field Types"). The rules are documented; messages and whether a real org stops at the first are believed.
 */
export function fieldProblems({ definition: field }: Component): Problem[] {
  const type = text(field, 'type');
  if (type === undefined) return [problem("Must specify a non-empty 'type' for the CustomField")];
  if (!FIELD_TYPES[type]) {
    return [
      problem(`'${type}' is not a valid value for the enum 'FieldType' (or not emulated by local-org)`),
    ];
  }
  const name = text(field, 'fullName') ?? '';
  const checks: [boolean, string][] = [
    [
      !/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(name) || name.length > 43,
      `The Field Name you provided ${name} can only contain alphanumeric characters, must begin with a letter, cannot end with an underscore or contain two consecutive underscore characters, must end in __c and has at most 40 characters before it.`,
    ],
    [text(field, 'label') === undefined, 'Must specify a non-empty label for the CustomField'],
    [(text(field, 'label') ?? '').length > 40, 'Value too long for field: MasterLabel maximum length is:40'],
    [
      (text(field, 'inlineHelpText') ?? '').length > 510,
      'Value too long for field: InlineHelpText maximum length is:510',
    ],
    [
      (text(field, 'description') ?? '').length > 1000,
      'Value too long for field: Description maximum length is:1000',
    ],
    ...typeChecks(type, field),
    ...constraintChecks(type, field),
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, message]) => problem(message));
}

function typeChecks(type: string, field: XmlNode): [boolean, string][] {
  const length = text(field, 'length');
  const [precision, scale] = [text(field, 'precision'), text(field, 'scale')];
  switch (type) {
    case 'Text':
      return [
        [!isBetween(length, 1, 255), "Must specify 'length' from 1 to 255 for a CustomField of type Text"],
      ];
    case 'LongTextArea':
      return [
        [
          !isBetween(length, 256, 131_072),
          "Must specify 'length' from 256 to 131072 for a CustomField of type LongTextArea",
        ],
        [
          text(field, 'visibleLines') === undefined,
          "Must specify 'visibleLines' for a CustomField of type LongTextArea",
        ],
      ];
    case 'Number':
      return [
        [
          !isBetween(precision, 1, 18),
          "Must specify 'precision' from 1 to 18 for a CustomField of type Number",
        ],
        [
          !isBetween(scale, 0, Number(precision ?? 18)),
          "Must specify 'scale' from 0 to precision for a CustomField of type Number",
        ],
        [length !== undefined, "Can not specify 'length' for a CustomField of type Number"],
      ];
    case 'Checkbox':
      return [
        [
          !['true', 'false'].includes(text(field, 'defaultValue') ?? ''),
          "Must specify 'defaultValue' for a CustomField of type Checkbox",
        ],
      ];
    case 'Picklist':
      return [...picklistChecks(field)];
    case 'Lookup':
      return [
        [
          text(field, 'referenceTo') === undefined,
          "Must specify 'referenceTo' for a CustomField of type Lookup",
        ],
      ];
    default:
      return [[length !== undefined, `Can not specify 'length' for a CustomField of type ${type}`]];
  }
}

function picklistChecks(field: XmlNode): [boolean, string][] {
  const names = picklistValues(field);
  const isNamedSet = text(node(field, 'valueSet'), 'valueSetName') !== undefined;
  const twice = names.find(
    (name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== index,
  );
  const values = nodes(node(node(field, 'valueSet'), 'valueSetDefinition'), 'value');
  return [
    [isNamedSet, 'Global value sets are not emulated by local-org'],
    [
      !isNamedSet && names.length === 0,
      "Must specify 'valueSet' with at least one value for a CustomField of type Picklist",
    ],
    [names.length > 1000, 'Picklists have at most 1,000 values'],
    [names.some((name) => name === ''), 'Required field is missing: fullName'],
    [values.some((value) => text(value, 'default') === undefined), 'Required field is missing: default'],
    [twice !== undefined, `Duplicate picklist value: ${twice ?? ''}`],
  ];
}

/** Which fields may be an External ID, unique or required (Salesforce Help, "Custom Field Attributes"). */
function constraintChecks(type: string, field: XmlNode): [boolean, string][] {
  const isSet = (element: string) => text(field, element) === 'true';
  const cannot = (element: string) => `Can not specify '${element}' for a CustomField of type ${type}`;
  const isKey = type === 'Text' || type === 'Number';
  return [
    [isSet('externalId') && !isKey, cannot('externalId')],
    [isSet('unique') && !isKey, cannot('unique')],
    [isSet('caseSensitive') && type !== 'Text', cannot('caseSensitive')],
    [isSet('required') && (type === 'Checkbox' || type === 'LongTextArea'), cannot('required')],
    [
      type === 'Lookup' && isSet('required') && text(field, 'deleteConstraint') === 'SetNull',
      'A required lookup cannot have the delete constraint SetNull',
    ],
  ];
}

/** Types whose values fit the other's field without loss; every other change is a wizard in Setup or refused. */
const CONVERTIBLE: readonly (readonly [string, string])[] = [
  ['Text', 'LongTextArea'],
  ['Text', 'TextArea'],
  ['TextArea', 'LongTextArea'],
  ['Picklist', 'Text'],
  ['Date', 'DateTime'],
];

/**
 * What a field may not become (Salesforce Help, "Notes on Changing Custom Field Types"): the list of changes that an API
 * takes is believed to be short, and the messages are believed.
 */
export function fieldChangeProblems(
  { fullName, definition }: Component,
  { world, previous }: Surroundings,
): Problem[] {
  const object = parentOf(fullName);
  const to = text(definition, 'type') ?? '';
  const problems: Problem[] = [];
  // A field without its object answers so in public threads.
  if (!world.hasObject(object))
    problems.push(problem(`Entity Enumeration Or ID: bad value for restricted picklist field: ${object}`));
  const suffix = suffixOf(object);
  if (suffix === '__e' && !EVENT_TYPES.includes(to))
    problems.push(problem(`Cannot add a field of type ${to} to a platform event`));
  if (suffix === '__mdt' && to === 'Lookup')
    problems.push(problem(`Cannot add a field of type ${to} to a custom metadata type`));
  if ((suffix === '__e' || suffix === '__mdt') && text(definition, 'externalId') === 'true') {
    problems.push(problem(`Cannot specify: externalId for a field of ${object}`));
  }
  if (!previous) return problems;
  const from = text(previous.definition, 'type') ?? '';
  if (from !== to && !CONVERTIBLE.some(([one, other]) => one === from && other === to)) {
    problems.push(problem(`Cannot change field type from ${from} to ${to}`));
  }
  if (
    to === 'Lookup' &&
    from === 'Lookup' &&
    text(previous.definition, 'referenceTo') !== text(definition, 'referenceTo')
  ) {
    problems.push(problem("Cannot change 'referenceTo' of a CustomField of type Lookup"));
  }
  return problems;
}

/** Platform Events Developer Guide, "Platform Event Fields". */
const EVENT_TYPES = ['Checkbox', 'Date', 'DateTime', 'Number', 'Text', 'LongTextArea'];

/** The object that a lookup looks up ("… does not resolve to a valid sObject type" is quoted in public threads). */
export function fieldReferences({ definition }: Component): Reference[] {
  const target = text(definition, 'referenceTo');
  if (target === undefined) return [];
  const missing = `referenceTo value of '${target}' does not resolve to a valid sObject type`;
  return [{ ...inField('referenceTo', 'CustomObject', target, { isHolding: true }), missing }];
}
