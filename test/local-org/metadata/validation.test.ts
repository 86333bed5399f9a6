import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSamples } from '../samples.ts';
import { startOrg, type RunningOrg } from '../startOrg.ts';
import { deploy, fieldXml, objectXml, problemsOf, textField, xml, type TestPackage } from './packages.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const field = (inner: string, name = 'New__c'): TestPackage => ({
  files: { 'objects/Sample__c.object': xml('CustomObject', fieldXml(name, inner)) },
  members: { CustomField: [`Sample__c.${name}`] },
});
const one = (type: string, name: string, path: string, inner: string): TestPackage => ({
  files: { [path]: xml(type, inner) },
  members: { [type]: [name] },
});
const object = (content: string, name = 'Thing__c'): TestPackage => ({
  files: { [`objects/${name}.object`]: content },
  members: { CustomObject: [name] },
});
const permissionSet = (inner: string) =>
  one('PermissionSet', 'Set', 'permissionsets/Set.permissionset', `<label>Set</label>${inner}`);
const grant = (name: string, inner: string) => permissionSet(`<${name}>${inner}</${name}>`);
const apex = (body: string, version = '66.0'): TestPackage => ({
  files: {
    'classes/Thing.cls': body,
    'classes/Thing.cls-meta.xml': xml(
      'ApexClass',
      `<apiVersion>${version}</apiVersion><status>Active</status>`,
    ),
  },
  members: { ApexClass: ['Thing'] },
});
const trigger = (body: string): TestPackage => ({
  files: {
    'triggers/OnThing.trigger': body,
    'triggers/OnThing.trigger-meta.xml': xml(
      'ApexTrigger',
      '<apiVersion>66.0</apiVersion><status>Active</status>',
    ),
  },
  members: { ApexTrigger: ['OnThing'] },
});
const value = (name: string) =>
  `<value><fullName>${name}</fullName><default>false</default><label>${name}</label></value>`;
const picklist = (...names: string[]) =>
  `<type>Picklist</type><valueSet><valueSetDefinition><sorted>false</sorted>${names.map(value).join('')}</valueSetDefinition></valueSet>`;
const namedCredential = (url: string, credential: string, extra = '') =>
  one(
    'NamedCredential',
    'Api',
    'namedCredentials/Api.namedCredential',
    `<label>Api</label>${extra}<namedCredentialType>SecuredEndpoint</namedCredentialType>
    <namedCredentialParameters><parameterName>Url</parameterName><parameterType>Url</parameterType><parameterValue>${url}</parameterValue></namedCredentialParameters>
    <namedCredentialParameters><externalCredential>${credential}</externalCredential><parameterName>X</parameterName><parameterType>Authentication</parameterType></namedCredentialParameters>`,
  );
const eventXml = (extra: string) =>
  xml(
    'CustomObject',
    `<deploymentStatus>Deployed</deploymentStatus><label>Ping</label><pluralLabel>Pings</pluralLabel>${extra}`,
  );
const external = (inner: string) =>
  one(
    'ExternalCredential',
    'Api',
    'externalCredentials/Api.externalCredential',
    `<label>Api</label>${inner}`,
  );

const bundle = (js: string, { files, members }: TestPackage = {}): TestPackage => ({
  files: {
    ...files,
    'lwc/thing/thing.js': js,
    'lwc/thing/thing.js-meta.xml': xml('LightningComponentBundle', '<apiVersion>66.0</apiVersion>'),
  },
  members: { ...members, LightningComponentBundle: ['thing'] },
});

/** Each package has one fault; the same without it is among those that pass below. */
const faults: [string, TestPackage, string][] = [
  ['a text too long', field('<length>256</length><type>Text</type>'), "Must specify 'length' from 1 to 255"],
  ['a number without precision', field('<scale>0</scale><type>Number</type>'), "Must specify 'precision'"],
  [
    'more scale than precision',
    field('<precision>4</precision><scale>5</scale><type>Number</type>'),
    "Must specify 'scale'",
  ],
  [
    'a number with a length',
    field('<length>3</length><precision>4</precision><scale>0</scale><type>Number</type>'),
    "Can not specify 'length'",
  ],
  ['a checkbox without default', field('<type>Checkbox</type>'), "Must specify 'defaultValue'"],
  [
    'a long text without lines',
    field('<length>1000</length><type>LongTextArea</type>'),
    "Must specify 'visibleLines'",
  ],
  ['a picklist without values', field('<type>Picklist</type>'), "Must specify 'valueSet'"],
  ['a picklist value twice', field(picklist('A', 'a')), 'Duplicate picklist value: a'],
  [
    'a type that is none',
    field('<type>Colour</type>'),
    "'Colour' is not a valid value for the enum 'FieldType'",
  ],
  ['no type', field(''), "Must specify a non-empty 'type'"],
  [
    'a bad name',
    field('<length>4</length><type>Text</type>', 'A__b__c'),
    'The Field Name you provided A__b__c',
  ],
  ['a unique date', field('<type>Date</type><unique>true</unique>'), "Can not specify 'unique'"],
  [
    'an external id that is a picklist',
    field(`${picklist('A')}<externalId>true</externalId>`),
    "Can not specify 'externalId'",
  ],
  [
    'a lookup to nothing',
    field('<referenceTo>No__c</referenceTo><type>Lookup</type>'),
    "referenceTo value of 'No__c' does not resolve",
  ],
  ['a change of type', field('<type>Date</type>', 'Code__c'), 'Cannot change field type from Text to Date'],
  [
    'a field of an object that is not there',
    {
      files: { 'objects/No__c.object': xml('CustomObject', textField('A__c')) },
      members: { CustomField: ['No__c.A__c'] },
    },
    'Entity Enumeration Or ID: bad value for restricted picklist field: No__c',
  ],
  [
    'an object without sharing',
    object(objectXml().replace(/<sharingModel>.*<\/sharingModel>/, '')),
    'Required field is missing: sharingModel',
  ],
  [
    'an object without plural',
    object(objectXml().replace('<pluralLabel>Things</pluralLabel>', '')),
    'pluralLabel',
  ],
  ['an event without type', object(eventXml(''), 'Ping__e'), 'Required field is missing: eventType'],
  [
    'an event of old volume',
    object(eventXml('<eventType>StandardVolume</eventType>'), 'Ping__e'),
    'Standard-volume',
  ],
  [
    'a picklist on an event',
    object(eventXml(`<eventType>HighVolume</eventType>${fieldXml('Kind__c', picklist('A'))}`), 'Ping__e'),
    'Cannot add a field of type Picklist to a platform event',
  ],
  [
    'an unknown publish behaviour',
    object(eventXml('<eventType>HighVolume</eventType><publishBehavior>Soon</publishBehavior>'), 'Ping__e'),
    "'Soon' is not a valid value",
  ],
  [
    'a custom metadata type with a status',
    object(eventXml(''), 'Setting__mdt'),
    'Cannot specify: deploymentStatus',
  ],
  [
    'a record of no type',
    one('CustomMetadata', 'No.One', 'customMetadata/No.One.md', '<label>One</label>'),
    'The custom metadata type No__mdt was not found',
  ],
  [
    'permission on no field',
    grant(
      'fieldPermissions',
      '<editable>false</editable><field>Sample__c.No__c</field><readable>true</readable>',
    ),
    'In field: field - no CustomField named Sample__c.No__c found',
  ],
  [
    'permission on no object',
    grant('objectPermissions', '<allowRead>true</allowRead><object>No__c</object>'),
    'In field: object - no CustomObject named No__c found',
  ],
  [
    'permission to edit but not to read',
    grant('objectPermissions', '<allowEdit>true</allowEdit><object>Sample__c</object>'),
    'depends on permission(s): allowRead',
  ],
  [
    'permission on no class',
    grant('classAccesses', '<apexClass>No</apexClass><enabled>true</enabled>'),
    'In field: apexClass - no ApexClass named No found',
  ],
  [
    'no such custom permission',
    grant('customPermissions', '<enabled>true</enabled><name>No</name>'),
    'no CustomPermission named No found',
  ],
  [
    'no such principal',
    grant(
      'externalCredentialPrincipalAccesses',
      '<enabled>true</enabled><externalCredentialPrincipal>No-One</externalCredentialPrincipal>',
    ),
    'named No-One found',
  ],
  [
    'no such tab',
    grant('tabSettings', '<tab>No__c</tab><visibility>Visible</visibility>'),
    'no CustomTab named No__c found',
  ],
  [
    'a permission set without label',
    one('PermissionSet', 'Set', 'permissionsets/Set.permissionset', ''),
    'Required field is missing: label',
  ],
  ['a class of another name', apex('public class Other {}'), 'the file Thing declares Other'],
  ['a class of an old version', apex('public class Thing {}', '12.0'), 'Invalid version specified:12.0'],
  ['a class with an open brace', apex('public class Thing {'), "Missing '}'"],
  [
    'a class that names no field',
    apex('public class Thing { Object o = Sample__c.No__c; }'),
    'Variable does not exist: No__c',
  ],
  [
    'a class that names no label',
    apex('public class Thing { String s = Label.No; }'),
    'External string does not exist: No',
  ],
  [
    'a class that calls nobody',
    apex("public class Thing { String s = 'callout:No/x'; }"),
    'no NamedCredential named No found',
  ],
  ['a trigger on nothing', trigger('trigger OnThing on No__c (before insert) {}'), 'Invalid type: No__c'],
  [
    'a trigger of another name',
    trigger('trigger Other on Sample__c (before insert) {}'),
    'Invalid trigger name: Other',
  ],
  [
    'a list view with no such column',
    {
      files: {
        'objects/Sample__c.object': xml(
          'CustomObject',
          '<listViews><fullName>All</fullName><columns>No__c</columns><filterScope>Everything</filterScope><label>All</label></listViews>',
        ),
      },
      members: { ListView: ['Sample__c.All'] },
    },
    'Could not resolve list view column: No__c',
  ],
  [
    'a layout of nothing',
    one('Layout', 'No__c-L', 'layouts/No__c-L.layout', ''),
    'Parent entity failed to deploy: No__c',
  ],
  [
    'an app with no such tab',
    one('CustomApplication', 'App', 'applications/App.app', '<label>App</label><tabs>No__c</tabs>'),
    'no CustomTab named No__c found',
  ],
  [
    'a tab of nothing',
    one('CustomTab', 'No__c', 'tabs/No__c.tab', '<customObject>true</customObject>'),
    'no CustomObject named No__c found',
  ],
  [
    'a credential of nobody',
    namedCredential('https://example.com', 'No'),
    'no ExternalCredential named No found',
  ],
  ['a protocol left out', external(''), 'Required field is missing: authenticationProtocol'],
  [
    'a principal without order',
    external(
      '<authenticationProtocol>Custom</authenticationProtocol><externalCredentialParameters><parameterName>P</parameterName><parameterType>NamedPrincipal</parameterType></externalCredentialParameters>',
    ),
    'Required field is missing: sequenceNumber',
  ],
  [
    'a page of nothing',
    one(
      'FlexiPage',
      'Page',
      'flexipages/Page.flexipage',
      '<masterLabel>P</masterLabel><sobjectType>No__c</sobjectType><template><name>t</name></template><type>RecordPage</type>',
    ),
    'no CustomObject named No__c found',
  ],
  [
    'a label without value',
    one(
      'CustomLabels',
      'CustomLabels',
      'labels/CustomLabels.labels',
      '<labels><fullName>A</fullName><language>en_US</language><protected>true</protected><shortDescription>A</shortDescription></labels>',
    ),
    'Required field is missing: value',
  ],
  [
    'a flow without type',
    one('Flow', 'F', 'flows/F.flow', '<label>F</label>'),
    'Required field is missing: processType',
  ],
  [
    'a bundle that asks for no class',
    bundle("import get from '@salesforce/apex/No.get';"),
    "Unable to find Apex action class referenced as 'No'.",
  ],
  [
    'a bundle that asks for a method which its class keeps to itself',
    bundle(
      "import get from '@salesforce/apex/Thing.get';",
      apex('public class Thing { static void get() {} }'),
    ),
    "Unable to find Apex action method referenced as 'Thing.get'.",
  ],
];

describe('a package with', () => {
  it.each(faults)('%s fails', async (_name, pack, problem) => {
    const result = await deploy(org, pack);
    expect(result.status).toBe('Failed');
    expect(problemsOf(result).join('\n')).toContain(problem);
  });
});

describe('a package without a fault', () => {
  it.each<[string, TestPackage]>([
    [
      'a text',
      field('<length>255</length><type>Text</type><unique>true</unique><externalId>true</externalId>'),
    ],
    ['a number', field('<precision>4</precision><scale>2</scale><type>Number</type>')],
    ['a checkbox', field('<defaultValue>false</defaultValue><type>Checkbox</type>')],
    ['a picklist', field(picklist('A', 'B'))],
    ['a lookup to itself', field('<referenceTo>Sample__c</referenceTo><type>Lookup</type>')],
    ['a longer text', field('<length>200</length><type>Text</type>', 'Alias__c')],
    ['an object', object(objectXml())],
    ['an event', object(eventXml('<eventType>HighVolume</eventType>'), 'Ping__e')],
    [
      'a permission set',
      grant(
        'fieldPermissions',
        '<editable>true</editable><field>Sample__c.Code__c</field><readable>true</readable>',
      ),
    ],
    [
      'a class',
      apex("/* No__c */ public class Thing { String s = 'Other__c'; Object o = Sample__c.Code__c; }"),
    ],
    [
      'a bundle',
      bundle(
        "import get from '@salesforce/apex/Thing.get';",
        apex(
          'public class Thing { @AuraEnabled(cacheable=true) public static String get() { return null; } }',
        ),
      ),
    ],
    ['a trigger', trigger('// on No__c\ntrigger OnThing on Sample__c (before insert) {}')],
    ['an external credential', external('<authenticationProtocol>Custom</authenticationProtocol>')],
    [
      'a flow',
      one('Flow', 'F', 'flows/F.flow', '<label>F</label><processType>AutoLaunchedFlow</processType>'),
    ],
  ])('deploys: %s', async (_name, pack) => {
    const result = await deploy(org, pack);
    expect(problemsOf(result)).toEqual([]);
    expect(result.status).toBe('Succeeded');
  });

  it.each<[string, TestPackage, string, number, number]>([
    [
      'a class',
      apex('/* No__c */\npublic class Thing {\n  Object o = Sample__c.No__c;\n}'),
      'Variable does not exist: No__c',
      3,
      24,
    ],
    [
      'a permission set',
      grant(
        'fieldPermissions',
        '<editable>false</editable>\n<field>Sample__c.No__c</field><readable>true</readable>',
      ),
      'In field: field - no CustomField named Sample__c.No__c found',
      4,
      8,
    ],
    [
      'a bundle, in the text as well',
      bundle("//\nimport title from '@salesforce/label/c.No';"),
      '[Line: 2, Col: 40] In field: import - no CustomLabel named No found',
      2,
      40,
    ],
  ])('says where a thing is named that is missing: in %s', async (_name, pack, problem, line, column) => {
    const { details } = await deploy(org, pack);
    expect(details.componentFailures).toMatchObject([{ problem, lineNumber: line, columnNumber: column }]);
  });

  it('permissions on a required field are refused', async () => {
    const pack = field('<length>9</length><required>true</required><type>Text</type>', 'Must__c');
    await deploy(org, pack);
    const set = grant(
      'fieldPermissions',
      '<editable>true</editable><field>Sample__c.Must__c</field><readable>true</readable>',
    );
    expect(problemsOf(await deploy(org, set))).toEqual([
      'PermissionSet Set: You cannot deploy to a required field: Sample__c.Must__c',
    ]);
  });

  it('a lookup keeps the object that it looks up', async () => {
    const lookup = (to: string) => field(`<referenceTo>${to}</referenceTo><type>Lookup</type>`, 'Other__c');
    expect((await deploy(org, lookup('Sample__c'))).status).toBe('Succeeded');
    expect(problemsOf(await deploy(org, lookup('Account')))).toEqual([
      expect.stringContaining("Cannot change 'referenceTo'") as unknown,
    ]);
  });

  it('a field does not become unique while records hold the same value', async () => {
    const plain = field('<length>36</length><type>Text</type><externalId>true</externalId>', 'Key__c');
    await deploy(org, plain);
    await createSamples(org, [{ Key__c: 'a' }, { Key__c: 'A' }]);
    const unique = field(
      '<length>36</length><type>Text</type><externalId>true</externalId><unique>true</unique>',
      'Key__c',
    );
    const refused = await deploy(org, unique);
    expect(problemsOf(refused)).toEqual([
      expect.stringContaining('duplicate value found: Key__c') as unknown,
    ]);
    const [row] = await org.select("SELECT Id FROM Sample__c WHERE Key__c = 'A' LIMIT 1");
    await org.api('DELETE', `/sobjects/Sample__c/${String(row?.['Id'])}`);
    expect((await deploy(org, unique)).status).toBe('Succeeded');
    expect(
      (await org.api('POST', '/sobjects/Sample__c', { Region__c: 'North', Key__c: 'A' })).body,
    ).toMatchObject([{ errorCode: 'DUPLICATE_VALUE' }]);
  });

  it('a type of custom metadata holds its records, with the values that fit', async () => {
    const type = eventXml('').replace(/<deploymentStatus>.*?<\/deploymentStatus>/, '');
    const flag = fieldXml('Is_On__c', '<defaultValue>false</defaultValue><type>Checkbox</type>');
    const record = (on: string) =>
      xml(
        'CustomMetadata',
        `<label>Default</label><values><field>Is_On__c</field><value xmlns:xsi="x" xsi:type="y">${on}</value></values>`,
      );
    const pack = (on: string): TestPackage => ({
      files: {
        'objects/Setting__mdt.object': type.replace('</CustomObject>', `${flag}</CustomObject>`),
        'customMetadata/Setting.Default.md': record(on),
      },
      members: { CustomObject: ['Setting__mdt'], CustomMetadata: ['Setting.Default'] },
    });
    expect(problemsOf(await deploy(org, pack('maybe')))).toEqual([
      'CustomMetadata Setting.Default: Is On: value not of required type: maybe'.replace('Is On', 'Is_On'),
    ]);
    expect((await deploy(org, pack('true'))).status).toBe('Succeeded');
    expect(await org.select('SELECT DeveloperName, Is_On__c FROM Setting__mdt')).toEqual([
      { DeveloperName: 'Default', Is_On__c: true },
    ]);
  });
});
