import type { DescribedField } from '../../src/org/compareField.ts';
import type { FieldDefinition } from '../../src/org/fieldDefinition.ts';
import type { PackageComponent } from '../../src/org/packageComponent.ts';

export const aField = (change: Partial<FieldDefinition> = {}): FieldDefinition => ({
  object: 'Product_Property__c',
  name: 'City__c',
  type: 'Text',
  label: 'City',
  helpText: 'The city.',
  length: 255,
  wholeDigits: null,
  referenceTo: null,
  values: [],
  isExternalId: false,
  isUnique: false,
  ...change,
});

export const aDescribedField = (change: Partial<DescribedField> = {}): DescribedField => ({
  name: 'City__c',
  label: 'City',
  inlineHelpText: 'The city.',
  type: 'string',
  length: 255,
  precision: 0,
  scale: 0,
  externalId: false,
  unique: false,
  calculated: false,
  restrictedPicklist: false,
  referenceTo: [],
  picklistValues: [],
  ...change,
});

export const aComponent = (
  type: string,
  fullName: string,
  change: Partial<PackageComponent> = {},
): PackageComponent => ({ type, fullName, isOptIn: false, file: `force-app/${fullName}.xml`, ...change });

export const keyXml = `<CustomField>
    <fullName>RDS_Property_ID__c</fullName>
    <caseSensitive>false</caseSensitive>
    <externalId>true</externalId>
    <label>RDS Property ID</label>
    <length>36</length>
    <unique>true</unique>
</CustomField>`;

export const urlXml = `<NamedCredential>
    <namedCredentialParameters>
        <parameterName>Url</parameterName>
        <parameterType>Url</parameterType>
        <parameterValue>https://middleware.example.com</parameterValue>
    </namedCredentialParameters>
</NamedCredential>`;
