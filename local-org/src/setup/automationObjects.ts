import { ownName, parentOf, type OrgComponent } from '../metadata/component.ts';
import type { Catalog } from '../metadata/createCatalog.ts';
import { isTrue, node, text } from '../metadata/xml.ts';
import { stamps } from './stamps.ts';
import {
  field,
  flagField,
  lookupField,
  schemaOf,
  setupSchema,
  textField,
  type SetupObject,
} from './setupObject.ts';

const entityOf = (catalog: Catalog, object: string | undefined): string | null =>
  object === undefined ? null : (catalog.find('CustomObject', object)?.id ?? object);

/** Tooling API, "ValidationRule". */
export const validationRule: SetupObject = {
  object: setupSchema('ValidationRule', '03d', [
    field('ValidationName', 'string', { length: 40, isNameField: true }),
    flagField('Active'),
    textField('Description'),
    textField('ErrorDisplayField'),
    textField('ErrorMessage'),
    textField('NamespacePrefix', 15),
    lookupField('EntityDefinitionId', 'EntityDefinition'),
  ]),
  records: ({ catalog }) =>
    catalog.list('ValidationRule').map((component) => ({
      ...stamps(component),
      ValidationName: ownName(component.fullName),
      Active: isTrue(component.definition, 'active'),
      Description: text(component.definition, 'description') ?? null,
      ErrorDisplayField: text(component.definition, 'errorDisplayField') ?? null,
      ErrorMessage: text(component.definition, 'errorMessage') ?? null,
      EntityDefinitionId: entityOf(catalog, parentOf(component.fullName)),
    })),
};

/** Object Reference, "DuplicateRule". The full name of its metadata is `Object.Rule`. */
export const duplicateRule: SetupObject = {
  object: setupSchema('DuplicateRule', '0Bm', [
    textField('DeveloperName', 80),
    field('MasterLabel', 'string', { length: 80, isNameField: true }),
    textField('SobjectType', 40),
    flagField('IsActive'),
    textField('NamespacePrefix', 15),
  ]),
  records: ({ catalog }) =>
    catalog.list('DuplicateRule').map((component) => ({
      ...stamps(component),
      DeveloperName: ownName(component.fullName),
      MasterLabel: text(component.definition, 'masterLabel') ?? null,
      SobjectType: parentOf(component.fullName),
      IsActive: isTrue(component.definition, 'isActive'),
    })),
};

/** A flow has one version here: the last that was deployed, active when its metadata says so. */
const isActive = ({ definition }: OrgComponent): boolean => text(definition, 'status') === 'Active';

/** Tooling API, "FlowDefinition" and "Flow": a flow and its version. */
export const flowDefinition: SetupObject = {
  object: setupSchema('FlowDefinition', '300', [
    field('DeveloperName', 'string', { length: 80, isNameField: true }),
    textField('MasterLabel', 80),
    textField('ActiveVersionId', 18),
    textField('LatestVersionId', 18),
  ]),
  records: ({ catalog }) =>
    catalog.list('Flow').map((component) => ({
      ...stamps(component),
      Id: definitionId(component),
      DeveloperName: component.fullName,
      MasterLabel: text(component.definition, 'label') ?? null,
      ActiveVersionId: isActive(component) ? component.id : null,
      LatestVersionId: component.id,
    })),
};

const definitionId = ({ id }: OrgComponent): string => `300${id.slice(3)}`;

export const flow: SetupObject = {
  object: setupSchema('Flow', '301', [
    field('MasterLabel', 'string', { length: 80, isNameField: true }),
    { ...lookupField('DefinitionId', 'FlowDefinition') },
    textField('Status', 40),
    textField('ProcessType', 40),
    field('VersionNumber', 'int', { precision: 9 }),
  ]),
  records: ({ catalog }) =>
    catalog.list('Flow').map((component) => ({
      ...stamps(component),
      MasterLabel: text(component.definition, 'label') ?? null,
      DefinitionId: definitionId(component),
      Status: text(component.definition, 'status') ?? 'Draft',
      ProcessType: text(component.definition, 'processType') ?? null,
      VersionNumber: 1,
    })),
};

/** Object Reference, "FlowDefinitionView": flows with what fires them. */
export const flowDefinitionView: SetupObject = {
  object: schemaOf('FlowDefinitionView', '3dd', [
    textField('DurableId'),
    textField('ApiName', 80),
    field('Label', 'string', { length: 80, isNameField: true }),
    textField('ProcessType', 40),
    textField('TriggerType', 40),
    textField('RecordTriggerType', 40),
    lookupField('TriggerObjectOrEventId', 'EntityDefinition'),
    textField('TriggerObjectOrEventLabel', 80),
    flagField('IsActive'),
    textField('ActiveVersionId', 18),
    textField('LatestVersionId', 18),
    textField('NamespacePrefix', 15),
  ]),
  records: ({ catalog, objects }) =>
    catalog.list('Flow').map((component) => {
      const start = node(component.definition, 'start');
      const object = text(start, 'object');
      return {
        DurableId: definitionId(component),
        ApiName: component.fullName,
        Label: text(component.definition, 'label') ?? null,
        ProcessType: text(component.definition, 'processType') ?? null,
        TriggerType: text(start, 'triggerType') ?? null,
        RecordTriggerType: text(start, 'recordTriggerType') ?? null,
        TriggerObjectOrEventId: entityOf(catalog, object),
        TriggerObjectOrEventLabel: objects.find(({ name }) => name === object)?.label ?? object ?? null,
        IsActive: isActive(component),
        ActiveVersionId: isActive(component) ? component.id : null,
        LatestVersionId: component.id,
      };
    }),
};
