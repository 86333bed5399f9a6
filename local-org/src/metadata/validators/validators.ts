import { apexReferences, classProblems, triggerProblems } from './apex.ts';
import { flowProblems, flowReferences, validationRuleProblems } from './automation.ts';
import { credentialProblems, namedCredentialProblems, namedCredentialReferences } from './credentials.ts';
import { customMetadataProblems, customMetadataReferences } from './customMetadata.ts';
import { fieldChangeProblems, fieldProblems, fieldReferences } from './field.ts';
import { bundleProblems, bundleReferences, flexiPageReferences } from './lightning.ts';
import { labelProblems, required } from './labels.ts';
import { objectProblems } from './object.ts';
import { permissionSetProblems, permissionSetReferences } from './permissionSet.ts';
import { applicationReferences, layoutReferences, listViewProblems, tabReferences } from './screens.ts';
import type { Validator } from './validator.ts';

/** The rules by type. What has no line here is taken as it is. */
export const VALIDATORS: Readonly<Record<string, Validator>> = {
  CustomObject: { check: objectProblems },
  CustomField: {
    check: (component, surroundings) => [
      ...fieldProblems(component),
      ...fieldChangeProblems(component, surroundings),
    ],
    references: fieldReferences,
  },
  CustomMetadata: { check: customMetadataProblems, references: customMetadataReferences },
  CustomLabel: { check: labelProblems },
  CustomPermission: { check: (component) => required(component, ['label']) },
  ExternalCredential: { check: credentialProblems },
  NamedCredential: { check: namedCredentialProblems, references: namedCredentialReferences },
  ApexClass: { check: classProblems, references: apexReferences },
  ApexTrigger: { check: triggerProblems, references: apexReferences },
  LightningComponentBundle: { check: bundleProblems, references: bundleReferences },
  FlexiPage: {
    check: (component) => required(component, ['masterLabel', 'template', 'type']),
    references: flexiPageReferences,
  },
  Layout: { references: layoutReferences },
  ListView: { check: listViewProblems },
  ValidationRule: { check: validationRuleProblems },
  Flow: { check: flowProblems, references: flowReferences },
  DuplicateRule: { check: (component) => required(component, ['masterLabel', 'isActive']) },
  CustomTab: { references: tabReferences },
  CustomApplication: {
    check: (component) => required(component, ['label']),
    references: applicationReferences,
  },
  PermissionSet: { check: permissionSetProblems, references: permissionSetReferences },
};
