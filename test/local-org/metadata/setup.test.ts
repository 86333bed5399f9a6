import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Connection } from 'jsforce';
import { startOrg, type RunningOrg } from '../startOrg.ts';
import { deploy, problemsOf, xml } from './packages.ts';

let org: RunningOrg;
let jsforce: Connection;

const principal = { externalCredential: 'Api', principalName: 'Main', principalType: 'NamedPrincipal' };
const secret = 'a key that nobody may see';
const pack = {
  files: {
    'permissionsets/Readers.permissionset': xml(
      'PermissionSet',
      `<label>Readers</label>
      <classAccesses><apexClass>Thing</apexClass><enabled>true</enabled></classAccesses>
      <customPermissions><enabled>true</enabled><name>Ask</name></customPermissions>
      <fieldPermissions><editable>false</editable><field>Sample__c.Code__c</field><readable>true</readable></fieldPermissions>
      <objectPermissions><allowRead>true</allowRead><object>Sample__c</object></objectPermissions>`,
    ),
    'customPermissions/Ask.customPermission': xml('CustomPermission', '<label>Ask</label>'),
    'classes/Thing.cls': 'public class Thing {}',
    'classes/Thing.cls-meta.xml': xml('ApexClass', '<apiVersion>66.0</apiVersion><status>Active</status>'),
    'externalCredentials/Api.externalCredential': xml(
      'ExternalCredential',
      `<authenticationProtocol>Custom</authenticationProtocol><label>Api</label><externalCredentialParameters>
      <parameterName>Main</parameterName><parameterType>NamedPrincipal</parameterType><sequenceNumber>1</sequenceNumber></externalCredentialParameters>`,
    ),
    'namedCredentials/Api.namedCredential': xml(
      'NamedCredential',
      `<label>Api</label><namedCredentialType>SecuredEndpoint</namedCredentialType>
      <namedCredentialParameters><parameterName>Url</parameterName><parameterType>Url</parameterType><parameterValue>https://old.example.com</parameterValue></namedCredentialParameters>
      <namedCredentialParameters><externalCredential>Api</externalCredential><parameterName>C</parameterName><parameterType>Authentication</parameterType></namedCredentialParameters>`,
    ),
  },
  members: {
    PermissionSet: ['Readers'],
    CustomPermission: ['Ask'],
    ApexClass: ['Thing'],
    ExternalCredential: ['Api'],
    NamedCredential: ['Api'],
  },
};

beforeAll(async () => {
  org = await startOrg();
  jsforce = await org.connect();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
  expect(problemsOf(await deploy(org, pack))).toEqual([]);
});
afterAll(() => org.stop());

describe('a permission set', () => {
  const assign = async (name = 'admin@local-org.example') => {
    const [user] = await org.select(`SELECT Id FROM User WHERE Username = '${name}'`);
    const [set] = await org.select("SELECT Id FROM PermissionSet WHERE Name = 'Readers'");
    return org.api<{ id: string }>('POST', '/sobjects/PermissionSetAssignment', {
      AssigneeId: user?.['Id'],
      PermissionSetId: set?.['Id'],
    });
  };

  it('gives no access to a field that was deleted', async () => {
    await deploy(org, { destructive: { CustomField: ['Sample__c.Code__c'] } });
    expect(await org.select('SELECT Field FROM FieldPermissions')).toEqual([]);
  });

  it('says what it gives access to', async () => {
    expect(
      await org.select('SELECT Parent.Name, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions'),
    ).toEqual([
      {
        Parent: expect.objectContaining({ Name: 'Readers' }) as unknown,
        Field: 'Sample__c.Code__c',
        PermissionsRead: true,
        PermissionsEdit: false,
      },
    ]);
    expect(
      await org.select('SELECT SobjectType, PermissionsRead, PermissionsCreate FROM ObjectPermissions'),
    ).toEqual([{ SobjectType: 'Sample__c', PermissionsRead: true, PermissionsCreate: false }]);
    const accesses = await org.select(
      'SELECT SetupEntityType FROM SetupEntityAccess ORDER BY SetupEntityType',
    );
    expect(accesses.map((each) => each['SetupEntityType'])).toEqual(['ApexClass', 'CustomPermission']);
  });

  it('is assigned once, taken away for good, and then may be deleted', async () => {
    const { status, body } = await assign();
    expect(status).toBe(201);
    expect(await assign()).toMatchObject({ status: 400, body: [{ errorCode: 'DUPLICATE_VALUE' }] });
    expect(
      await org.select(
        "SELECT Assignee.Username, PermissionSet.Name FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Readers'",
      ),
    ).toMatchObject([
      { Assignee: { Username: 'admin@local-org.example' }, PermissionSet: { Name: 'Readers' } },
    ]);
    const removal = { destructive: { PermissionSet: ['Readers'] } };
    expect(problemsOf(await deploy(org, removal))).toEqual([
      expect.stringContaining('assigned to users') as unknown,
    ]);
    expect((await org.api('DELETE', `/composite/sobjects?ids=${body.id}`)).body).toMatchObject([
      { success: true },
    ]);
    expect(await org.select('SELECT Id FROM PermissionSetAssignment')).toEqual([]);
    expect((await deploy(org, removal)).status).toBe('Succeeded');
  });

  it('keeps its assignments through another deploy, and loses them in a reset', async () => {
    await assign();
    await deploy(org, pack);
    expect(await org.select('SELECT Id FROM PermissionSetAssignment')).toHaveLength(1);
    await org.control('POST', '/reset');
    expect(await org.select('SELECT Id FROM PermissionSetAssignment')).toEqual([]);
  });

  it('is written by nobody but a deploy', async () => {
    expect((await org.api('POST', '/sobjects/PermissionSet', { Name: 'X' })).status).toBe(400);
  });
});

describe('what the org itself does', () => {
  it('is found where a client looks for it', async () => {
    const components = [
      {
        type: 'ValidationRule',
        fullName: 'Sample__c.Never',
        definition: { active: 'true', errorMessage: 'No.' },
      },
      {
        type: 'Flow',
        fullName: 'Link',
        definition: {
          label: 'Link it',
          status: 'Active',
          processType: 'AutoLaunchedFlow',
          start: { object: 'Sample__c', triggerType: 'RecordAfterSave' },
        },
      },
      {
        type: 'Flow',
        fullName: 'Off',
        definition: { label: 'Off', status: 'Draft', start: { object: 'Sample__c' } },
      },
      {
        type: 'DuplicateRule',
        fullName: 'Sample__c.Same',
        definition: { masterLabel: 'Same', isActive: 'true' },
      },
      {
        type: 'ApexTrigger',
        fullName: 'OnSample',
        definition: { status: 'Active', apiVersion: '66.0' },
        source: 'trigger OnSample on Sample__c (before insert) {}',
      },
    ];
    expect((await org.control('POST', '/components', { components })).status).toBe(200);
    const rules = await jsforce.tooling.query(
      "SELECT ValidationName FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = 'Sample__c' AND Active = true",
    );
    expect(rules.records).toMatchObject([{ ValidationName: 'Never' }]);
    const triggers = await jsforce.tooling.query(
      "SELECT Name, UsageBeforeInsert, UsageAfterInsert FROM ApexTrigger WHERE TableEnumOrId = 'Sample__c'",
    );
    expect(triggers.records).toMatchObject([
      { Name: 'OnSample', UsageBeforeInsert: true, UsageAfterInsert: false },
    ]);
    expect(
      await org.select(
        "SELECT ApiName, Label FROM FlowDefinitionView WHERE IsActive = true AND TriggerObjectOrEvent.QualifiedApiName = 'Sample__c'",
      ),
    ).toEqual([{ ApiName: 'Link', Label: 'Link it' }]);
    expect(
      await org.select(
        "SELECT DeveloperName FROM DuplicateRule WHERE SobjectType = 'Sample__c' AND IsActive = true",
      ),
    ).toEqual([{ DeveloperName: 'Same' }]);
    await org.control('POST', '/reset');
    expect((await jsforce.tooling.query('SELECT Id FROM ValidationRule')).records).toEqual([]);
  });

  it('takes no component of an unknown type', async () => {
    const components = [{ type: 'Report', fullName: 'X' }];
    expect((await org.control('POST', '/components', { components })).status).toBe(400);
  });

  it('answers like an org without source tracking', async () => {
    expect(await org.api('GET', '/tooling/sobjects/SourceMember/describe')).toMatchObject({
      status: 404,
      body: [{ message: 'The requested resource does not exist' }],
    });
  });
});

describe('a credential', () => {
  const path = '/named-credentials/credential';
  const read = () => org.api(`GET`, `${path}?${new URLSearchParams(principal).toString()}`);
  const save = (method: string, value: string) =>
    org.api(method, path, {
      ...principal,
      authenticationProtocol: 'Custom',
      credentials: { ApiKey: { value, encrypted: true }, User: { value: 'me', encrypted: false } },
    });
  const hash = (value: string) => createHash('sha256').update(value).digest('hex');

  it('is made, replaced and deleted; what is encrypted never comes back', async () => {
    expect((await read()).body).toMatchObject({ authenticationStatus: 'NotConfigured', credentials: {} });
    expect((await save('PUT', secret)).status).toBe(400);
    const made = await save('POST', secret);
    expect(made.status).toBe(201);
    const configured = await read();
    expect(configured.body).toMatchObject({
      ...principal,
      authenticationStatus: 'Configured',
      credentials: { ApiKey: { encrypted: true, revision: 1 }, User: { value: 'me' } },
    });
    const kept = await org.control('GET', '/secrets');
    expect(kept.body).toMatchObject({
      secrets: [{ ...principal, parameters: { ApiKey: { sha256: hash(secret) } } }],
    });
    for (const { text } of [made, configured, kept]) expect(text).not.toContain(secret);
    expect((await save('POST', 'x')).status).toBe(400);
    expect((await save('PUT', 'another')).body).toMatchObject({ credentials: { ApiKey: { revision: 2 } } });
    expect((await org.api('DELETE', `${path}?${new URLSearchParams(principal).toString()}`)).status).toBe(
      204,
    );
    expect((await read()).body).toMatchObject({ authenticationStatus: 'NotConfigured' });
  });

  it('needs a principal that is there', async () => {
    const query = new URLSearchParams({ ...principal, principalName: 'Other' }).toString();
    expect((await org.api('GET', `${path}?${query}`)).status).toBe(404);
    await deploy(org, { destructive: { NamedCredential: ['Api'], ExternalCredential: ['Api'] } });
    expect((await read()).status).toBe(404);
  });

  it('has an address that can be changed, and that a retrieve then tells', async () => {
    const setup = '/named-credentials/named-credential-setup';
    const before = await org.api<Record<string, unknown>>('GET', `${setup}/Api`);
    expect(before.body).toMatchObject({ calloutUrl: 'https://old.example.com', type: 'SecuredEndpoint' });
    const next = { ...before.body, calloutUrl: 'https://new.example.com' };
    expect((await org.api('PUT', `${setup}/Api`, next)).body).toMatchObject({
      calloutUrl: 'https://new.example.com',
    });
    expect((await org.api('GET', setup)).body).toMatchObject({
      namedCredentials: [{ calloutUrl: 'https://new.example.com' }],
    });
    expect((await org.api('PUT', `${setup}/Api`, { ...next, calloutUrl: 'nowhere' })).status).toBe(400);
    expect((await org.api('GET', `${setup}/Other`)).status).toBe(404);
    const { details } = await deploy(org, pack);
    expect(
      details.componentSuccesses.find(
        ({ fullName, componentType }) => fullName === 'Api' && componentType === 'NamedCredential',
      ),
    ).toMatchObject({ changed: true });
  });
});

describe('the columns of a query', () => {
  it('are told as the CLI reads them', async () => {
    const ask = async (query: string) =>
      (
        await org.api<{ columnMetadata: unknown[] }>(
          'GET',
          `/query?q=${encodeURIComponent(query)}&columns=true`,
        )
      ).body;
    expect(
      await ask('SELECT Id, Owner.Name, Parent__r.Owner.Name, Parent__r.Code__c FROM Sample__c'),
    ).toMatchObject({
      entityName: 'Sample__c',
      idSelected: true,
      columnMetadata: [
        { columnName: 'Id', joinColumns: [] },
        { columnName: 'Owner', joinColumns: [{ columnName: 'Name' }] },
        {
          columnName: 'Parent__r',
          joinColumns: [
            { columnName: 'Owner', joinColumns: [{ columnName: 'Name' }] },
            { columnName: 'Code__c' },
          ],
        },
      ],
    });
    expect(
      await ask('SELECT Region__c, COUNT(Id) total, MAX(Amount__c) FROM Sample__c GROUP BY Region__c'),
    ).toMatchObject({
      columnMetadata: [
        { columnName: 'Region__c', aggregate: false },
        { columnName: 'total', displayName: 'total', aggregate: true },
        { columnName: 'expr0', aggregate: true },
      ],
    });
  });
});
