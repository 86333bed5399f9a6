import { beforeAll, describe, expect, it } from '@jest/globals';
import { copyPackage, runCheck, type Checked, type PackageCopy } from './packageCopy.ts';

const main = 'main/default';
const optIn = 'with-objects/default';
const viewer = `${main}/permissionsets/Property_Sync_Viewer.permissionset-meta.xml`;
const layout = `${optIn}/layouts/Property__c-Property Layout.layout-meta.xml`;
const listView = `${optIn}/objects/Product_Property__c/listViews/Not_Linked.listView-meta.xml`;
const lookup = `${main}/objects/Product_Property__c/fields/Property__c.field-meta.xml`;
const namedCredential = `${main}/namedCredentials/Property_Sync.namedCredential-meta.xml`;

const planted = `public with sharing class Planted {
    public static void call() {
        List<SObject> rows = [
            SELECT Nope_1__c, Property__r.Nope_2__c, Property__r.Name, Nope_3__r.Name, Owner.Name
            FROM Product_Property__c
            WHERE Nope_4__c = TRUE AND Property__c IN (SELECT Id FROM Property__c WHERE Nope_5__c = TRUE)
            ORDER BY Nope_6__c
        ];
        rows = [SELECT Name, (SELECT Nope_7__c, Status__c FROM Product_Properties__r) FROM Property__c];
        rows = [SELECT Id FROM Nope_8__c];
        rows = [SELECT Status__c status, COUNT(Nope_9__c) total FROM Product_Property__c p GROUP BY p.Status__c];
        new HttpRequest().setEndpoint('callout:Nope_10/v1');
        Boolean isAllowed = FeatureManagement.checkPermission('Nope_11');
        String label = System.Label.Nope_12;
        rows = [SELECT Id, Username FROM User];
    }
}
`;

describe('the metadata of the package', () => {
  it('fits the types of the Metadata API, and names nothing that does not exist', async () => {
    expect(await runCheck('check-metadata')).toEqual({
      exitCode: 0,
      findings: [],
      output: 'metadata: no fault\n',
    });
  });
});

const xml = (type: string, content: string): string =>
  `<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${content}</${type}>`;

/** Plants what the metadata names and does not exist. */
async function plantNames(copy: PackageCopy): Promise<void> {
  const block = (name: string, content: string): string => `<${name}>${content}</${name}>`;
  const permissions = [
    block('applicationVisibilities', '<application>No_App</application><visible>true</visible>'),
    block('classAccesses', '<apexClass>NoClass</apexClass><enabled>true</enabled>'),
    block('customMetadataTypeAccesses', '<enabled>true</enabled><name>No_Type__mdt</name>'),
    block('customPermissions', '<enabled>true</enabled><name>No_Permission</name>'),
    block('tabSettings', '<tab>No_Tab</tab><visibility>Visible</visibility>'),
  ];
  await copy.edit(viewer, '    <description>', `${permissions.join('\n')}\n    <description>`);
  await copy.edit(viewer, '>Property_Sync-Middleware<', '>Property_Sync-Nobody<');
  await copy.edit(viewer, '>Property__c.City__c<', '>Property__c.Town__c<');
  await copy.edit(viewer, '<object>Property_Sync__e<', '<object>Property_Event__e<');
  await copy.edit(layout, '<field>City__c<', '<field>Town__c<');
  await copy.edit(layout, '<fields>Status__c<', '<fields>State__c<');
  await copy.edit(layout, '>Product_Property__c.Property__c<', '>Product_Property__c.Parent__c<');
  await copy.edit(listView, '<columns>Company_Name__c<', '<columns>Company__c<');
  await copy.edit(listView, '<field>Property__c<', '<field>Parent__c<');
  await copy.edit(`${optIn}/applications/Property_Sync.app-meta.xml`, '>Property__c<', '>No_Tab<');
  await copy.add(
    `${optIn}/tabs/No_Object__c.tab-meta.xml`,
    xml('CustomTab', '<customObject>true</customObject>'),
  );
  await copy.add(
    `${main}/objects/Property__c/fields/Planted__c.field-meta.xml`,
    xml(
      'CustomField',
      '<fullName>Planted__c</fullName><referenceTo>Parent__c</referenceTo><type>Lookup</type>',
    ),
  );
  await copy.edit(
    namedCredential,
    '<externalCredential>Property_Sync<',
    '<externalCredential>No_Credential<',
  );
  await copy.edit(
    `${main}/externalCredentials/Property_Sync.externalCredential-meta.xml`,
    '$Credential.Property_Sync.',
    '$Credential.No_Credential.',
  );
  await copy.add(
    `${main}/lwc/planted/planted.js-meta.xml`,
    xml(
      'LightningComponentBundle',
      '<targetConfigs><targetConfig><objects><object>Parent__c</object></objects></targetConfig></targetConfigs>',
    ),
  );
}

/** Plants what code names and does not exist. */
async function plantNamesInCode(copy: PackageCopy): Promise<void> {
  await copy.addClass('Planted', planted);
  await copy.add(
    `${main}/lwc/planted/planted.js`,
    [
      `import a from '@salesforce/label/c.Nope_13';`,
      `import b from '@salesforce/customPermission/Nope_14';`,
      `import c from '@salesforce/apex/Nope_15.read';`,
      `import d from '@salesforce/schema/Nope_16__c';`,
      `import e from '@salesforce/schema/Property__c.Nope_17__c';`,
    ].join('\n'),
  );
}

/** Plants a part that only some orgs get in what every org gets. */
async function plantArrow(copy: PackageCopy): Promise<void> {
  await copy.edit(
    viewer,
    '    <description>',
    '<tabSettings><tab>Property__c</tab><visibility>Visible</visibility></tabSettings>\n    <description>',
  );
}

/** Plants what does not fit the types of the Metadata API. */
async function plantMisfits(copy: PackageCopy): Promise<void> {
  await copy.edit(viewer, '<label>Property Sync Viewer</label>', '<title>Property Sync Viewer</title>');
  await copy.edit(viewer, '<editable>false<', '<editable>no<');
  await copy.edit(lookup, '<type>Lookup<', '<type>LookUp<');
  await copy.edit(namedCredential, '<parameterName>Url</parameterName>', '');
  await copy.edit(
    `${main}/objects/Property__c/fields/City__c.field-meta.xml`,
    '<length>255</length>',
    '<length>all</length>',
  );
  await copy.edit(
    `${optIn}/applications/Property_Sync.app-meta.xml`,
    '<uiType>Lightning</uiType>',
    '<uiType>Lightning</uiType><uiType>Aloha</uiType>',
  );
}

const controller = `${main}/classes/PropertySyncController.cls`;

/** Plants differences between the controller and what the components are told of it. */
async function plantDrift(copy: PackageCopy): Promise<void> {
  await copy.edit(controller, 'public String statusText;', 'public String state;');
  await copy.edit(controller, 'public Boolean canResync;', 'public String canResync;');
  await copy.edit(controller, 'public Boolean isEnabled;', 'public Boolean enabled;');
  await copy.edit(
    controller,
    'getHistory(Id recordId, String cursor)',
    'getHistory(Id recordId, Integer page)',
  );
  await copy.edit(controller, 'static Object getProperty(', 'static StatusAnswer getProperty(');
  await copy.edit(controller, 'static Object getResync(', 'static Object readResync(');
  await copy.edit(
    controller,
    "'/status',\n                    new List<String>{ 'groupKey',",
    "'/status',\n                    new List<String>{ 'group',",
  );
  await copy.edit(
    controller,
    "failed('NO_PERMISSION', 'You may not ask",
    "failed('FORBIDDEN', 'You may not ask",
  );
  await copy.edit('types/propertySync.ts', 'readonly Occurred_At__c: string;', '');
}

describe('the check of metadata', () => {
  let checked: Checked;
  // A check takes seconds: one looks at everything that is planted.
  beforeAll(async () => {
    const copy = await copyPackage();
    for (const plant of [plantNames, plantNamesInCode, plantArrow, plantMisfits, plantDrift])
      await plant(copy);
    checked = await copy.check('check-metadata');
    await copy.remove();
  });

  /** Findings of a rule, without the folder. */
  function find(rule: string): string[] {
    expect(checked.exitCode).toBe(1);
    return checked.findings
      .filter((finding) => finding.includes(` ${rule}: `))
      .map((finding) => finding.replace(new RegExp(`^.*/(.*):(\\d+) ${rule}: `), '$1:$2 '))
      .sort();
  }

  it('finds each kind of name in metadata that does not exist', () => {
    const found = find('references').filter((finding) => !/Nope_|not in every org/.test(finding));
    const what = found.map((finding) => finding.replace(/^.*:\d+ (.*) does not exist\.$/, '$1'));
    expect(what.sort()).toEqual([
      'ApexClass NoClass',
      'CustomApplication No_App',
      'CustomField Product_Property__c.Company__c',
      'CustomField Product_Property__c.Parent__c',
      'CustomField Product_Property__c.Parent__c',
      'CustomField Product_Property__c.State__c',
      'CustomField Property__c.Town__c',
      'CustomField Property__c.Town__c',
      'CustomObject No_Object__c',
      'CustomObject No_Type__mdt',
      'CustomObject Parent__c',
      'CustomObject Parent__c',
      'CustomObject Property_Event__e',
      'CustomPermission No_Permission',
      'CustomTab No_Tab',
      'CustomTab No_Tab',
      'ExternalCredential No_Credential',
      'ExternalCredential No_Credential',
      'principal Property_Sync-Nobody',
    ]);
  });

  it('finds each kind of name in Apex and in components that does not exist', () => {
    const found = find('references').filter((finding) => finding.includes('Nope_'));
    const byNumber = (finding: string): number => Number(/Nope_(\d+)/.exec(finding)?.[1]);
    expect(found.sort((a, b) => byNumber(a) - byNumber(b))).toEqual([
      'Planted.cls:4 CustomField Product_Property__c.Nope_1__c does not exist.',
      'Planted.cls:4 CustomField Property__c.Nope_2__c does not exist.',
      'Planted.cls:4 CustomField Product_Property__c.Nope_3__c does not exist.',
      'Planted.cls:6 CustomField Product_Property__c.Nope_4__c does not exist.',
      'Planted.cls:6 CustomField Property__c.Nope_5__c does not exist.',
      'Planted.cls:7 CustomField Product_Property__c.Nope_6__c does not exist.',
      'Planted.cls:9 CustomField Product_Property__c.Nope_7__c does not exist.',
      'Planted.cls:10 CustomField Nope_8__c.Id does not exist.',
      'Planted.cls:10 CustomObject Nope_8__c does not exist.',
      'Planted.cls:11 CustomField Product_Property__c.Nope_9__c does not exist.',
      'Planted.cls:12 NamedCredential Nope_10 does not exist.',
      'Planted.cls:13 CustomPermission Nope_11 does not exist.',
      'Planted.cls:14 CustomLabel Nope_12 does not exist.',
      'planted.js:1 CustomLabel Nope_13 does not exist.',
      'planted.js:2 CustomPermission Nope_14 does not exist.',
      'planted.js:3 ApexClass Nope_15 does not exist.',
      'planted.js:4 CustomObject Nope_16__c does not exist.',
      'planted.js:5 CustomField Property__c.Nope_17__c does not exist.',
    ]);
  });

  it('finds what every org gets leaning on what only some orgs get', () => {
    expect(find('references').filter((finding) => finding.includes('not in every org'))).toEqual([
      expect.stringMatching(
        / CustomTab Property__c is not in every org: it is defined in force-app\/with-objects\/\.$/,
      ),
    ]);
  });

  it('finds elements that do not exist or are missing, and values that are not allowed', () => {
    expect(find('metadata')).toEqual([
      'City__c.field-meta.xml:1 CustomField.length is "all".',
      'Property_Sync.app-meta.xml:1 CustomApplication.uiType is there more than once.',
      'Property_Sync.namedCredential-meta.xml:1 NamedCredential.namedCredentialParameters.parameterName is missing.',
      'Property_Sync_Viewer.permissionset-meta.xml:1 PermissionSet.fieldPermissions.editable is "no".',
      'Property_Sync_Viewer.permissionset-meta.xml:1 PermissionSet.label is missing.',
      'Property_Sync_Viewer.permissionset-meta.xml:1 PermissionSet.title does not exist.',
      'Property__c.field-meta.xml:1 CustomField.type is "LookUp".',
    ]);
  });

  it('finds where the controller is not what the components are told', () => {
    const told = 'in the types of the components.';
    const found = find('contract').map((finding) => finding.replace(/^PropertySyncController\.cls:\d+ /, ''));
    expect(found.sort()).toEqual([
      `ControllerCode.FORBIDDEN is there here and missing ${told}`,
      `FeatureState.enabled is Boolean here and missing ${told}`,
      `FeatureState.isEnabled is missing here and Boolean ${told}`,
      `HeldRow.state is String here and missing ${told}`,
      `HeldRow.statusText is missing here and String ${told}`,
      `Property_Sync__e.Occurred_At__c is there here and missing ${told}`,
      `StatusAnswer.canResync is String here and Boolean ${told}`,
      `The method getResync is missing here.`,
      `The method readResync is not declared in force-app/types/platform.d.ts.`,
      `getHistory.cursor is missing here and String ${told}`,
      `getHistory.page is Integer here and missing ${told}`,
      `getProperty answers StatusAnswer, and components read Property.`,
      `getStatus looks for group, which the middleware does not answer.`,
    ]);
  });
});
