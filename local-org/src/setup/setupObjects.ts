import type { ObjectSchema } from '../store/schema.ts';
import { apexClass, apexTrigger } from './apexObjects.ts';
import {
  duplicateRule,
  flow,
  flowDefinition,
  flowDefinitionView,
  validationRule,
} from './automationObjects.ts';
import { entityDefinition, fieldDefinitions } from './entityObjects.ts';
import {
  customPermission,
  fieldPermissions,
  objectPermissions,
  permissionSet,
  permissionSetAssignment,
  setupEntityAccess,
} from './permissionObjects.ts';
import type { SetupObject } from './setupObject.ts';

/** Setup objects of the data API. */
export const DATA_SETUP: readonly SetupObject[] = [
  permissionSet,
  objectPermissions,
  fieldPermissions,
  setupEntityAccess,
  customPermission,
  apexClass,
  apexTrigger,
  duplicateRule,
  flowDefinitionView,
  entityDefinition,
  fieldDefinitions,
];

/** Setup objects of the Tooling API. */
export const TOOLING_SETUP: readonly SetupObject[] = [
  apexClass,
  apexTrigger,
  validationRule,
  flowDefinition,
  flow,
  permissionSet,
  entityDefinition,
  fieldDefinitions,
];

/** The schemas of the data API, with the one object whose records are written by hand. */
export const dataSetupSchemas = (): ObjectSchema[] => [
  ...DATA_SETUP.map(({ object }) => object),
  permissionSetAssignment,
];
