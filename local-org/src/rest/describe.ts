import { notFound } from '../errors.ts';
import { ok, type Handler } from '../http/answer.ts';
import type { FieldSchema, FieldType, ObjectSchema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { tableOf } from './tableOf.ts';

const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  string: 'xsd:string',
  textarea: 'xsd:string',
  picklist: 'xsd:string',
  boolean: 'xsd:boolean',
  double: 'xsd:double',
  int: 'xsd:int',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};

/** GET /sobjects: every object, without its fields (REST API Developer Guide, "Describe Global"). */
export const describeGlobal: Handler = ({ org, version }) =>
  ok({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: [...org.store.objects, ...org.events.objects].map((object) => describeBriefly(object, version)),
  });

/** GET /tooling/sobjects and /tooling/sobjects/T/describe: the objects of the Tooling API. */
export const describeTooling: Handler = ({ org, version }) =>
  ok({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: org.metadata.tooling.objects.map((object) => describeBriefly(object, version)),
  });

export const describeToolingObject: Handler = ({ org, version, params }) => {
  // The CLI takes exactly this answer for an org without source tracking.
  const table = org.metadata.tooling.findTable(params['object'] ?? '');
  if (!table) throw notFound();
  return ok({ ...describeBriefly(table.object, version), fields: table.object.fields.map(describeField) });
};

/** GET /sobjects/T: the object and its most recently used records, which this org does not follow. */
export const describeBasic: Handler = (request) => {
  const { object } = tableOf(request);
  return ok({ objectDescribe: describeBriefly(object, request.version), recentItems: [] });
};

/** GET /sobjects/T/describe ("sObject Describe"; the field properties are those of DescribeSObjectResult). */
export const describe: Handler = (request) => {
  const object = request.org.events.findObject(request.params['object'] ?? '') ?? tableOf(request).object;
  return ok({
    ...describeBriefly(object, request.version),
    actionOverrides: [],
    childRelationships: childRelationships(object, request.org.store),
    fields: object.fields.map(describeField),
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        master: true,
        name: 'Master',
        urls: {},
      },
    ],
    supportedScopes: [],
  });
};

function describeBriefly(object: ObjectSchema, version: string) {
  const url = `/services/data/${version}/sobjects/${object.name}`;
  // Events are published and subscribed to; nobody reads or changes one.
  const isRecord = !object.name.endsWith('__e');
  return {
    name: object.name,
    label: object.label,
    labelPlural: object.labelPlural,
    keyPrefix: object.keyPrefix,
    custom: object.isCustom,
    createable: object.isWritable,
    updateable: object.isWritable && isRecord,
    deletable: object.isWritable && isRecord,
    undeletable: false,
    queryable: isRecord,
    retrieveable: isRecord,
    replicateable: isRecord,
    searchable: false,
    mergeable: false,
    layoutable: object.isCustom && isRecord,
    triggerable: object.isCustom,
    activateable: false,
    customSetting: false,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

function describeField(field: FieldSchema) {
  const isText = field.type === 'string' || field.type === 'textarea' || field.type === 'picklist';
  const length = isText || field.type === 'id' || field.type === 'reference' ? field.length : 0;
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    soapType: SOAP_TYPES[field.type],
    length,
    byteLength: length * 3,
    precision: field.precision,
    scale: field.scale,
    digits: 0,
    custom: field.isCustom,
    nameField: field.isNameField,
    nillable: !field.isRequired && field.type !== 'boolean',
    defaultedOnCreate:
      field.type === 'boolean' || !field.isCreateable || ['OwnerId', 'Name'].includes(field.name),
    defaultValue: field.defaultValue,
    createable: field.isCreateable,
    updateable: field.isUpdateable,
    permissionable: field.isCustom && !field.isRequired,
    calculated: false,
    calculatedFormula: null,
    autoNumber: false,
    externalId: field.isExternalId,
    idLookup: field.type === 'id' || field.isExternalId || field.isNameField,
    unique: field.isUnique,
    caseSensitive: field.isCaseSensitive,
    filterable: !field.isLongText,
    sortable: !field.isLongText,
    groupable: !field.isLongText && field.type !== 'datetime' && field.type !== 'double',
    aggregatable: !field.isLongText && field.type !== 'boolean',
    searchPrefilterable: field.type === 'reference',
    encrypted: false,
    htmlFormatted: false,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    displayLocationInDecimal: false,
    namePointing: false,
    polymorphicForeignKey: false,
    cascadeDelete: false,
    restrictedDelete: false,
    writeRequiresMasterRead: false,
    controllerName: null,
    compoundFieldName: null,
    mask: null,
    maskType: null,
    extraTypeInfo: field.isLongText ? 'plaintextarea' : null,
    inlineHelpText: field.helpText ?? null,
    picklistValues: field.picklistValues.map((value) => ({
      active: true,
      defaultValue: false,
      label: value,
      validFor: null,
      value,
    })),
    restrictedPicklist: field.isRestrictedPicklist,
    referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
    referenceTargetField: null,
    relationshipName: field.relationshipName ?? null,
    relationshipOrder: null,
  };
}

function childRelationships(parent: ObjectSchema, store: Store) {
  return store.objects.flatMap((child) =>
    child.fields
      .filter((field) => field.isCustom && field.referenceTo === parent.name)
      .map((field) => ({
        childSObject: child.name,
        field: field.name,
        relationshipName: field.childRelationshipName ?? null,
        cascadeDelete: false,
        restrictedDelete: false,
        deprecatedAndHidden: false,
        junctionIdListNames: [],
        junctionReferenceTo: [],
      })),
  );
}
