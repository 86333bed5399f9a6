import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSamples } from '../samples.ts';
import { startOrg, until, type RunningOrg } from '../startOrg.ts';
import { deploy, fieldXml, objectXml, problemsOf, textField, xml, zipOf, type Result } from './packages.ts';

let org: RunningOrg;

beforeAll(async () => {
  org = await startOrg();
});
beforeEach(async () => {
  await org.control('POST', '/reset');
});
afterAll(() => org.stop());

const thing = {
  files: { 'objects/Thing__c.object': objectXml(textField('Code__c') + textField('Region__c')) },
  members: { CustomObject: ['Thing__c'], CustomField: ['Thing__c.Code__c', 'Thing__c.Region__c'] },
};
const badField = {
  files: {
    'objects/Sample__c.object': xml(
      'CustomObject',
      textField('Good__c') + fieldXml('Bad__c', '<type>Text</type>'),
    ),
  },
  members: { CustomField: ['Sample__c.Good__c', 'Sample__c.Bad__c'] },
};
const rows = (result: Result) =>
  result.details.componentSuccesses.map(({ componentType, fullName, created, changed, deleted }) => [
    componentType,
    fullName,
    created,
    changed,
    deleted,
  ]);
const fieldsOf = async (object: string) => {
  const { body } = await org.api<{ fields?: { name: string }[] }>('GET', `/sobjects/${object}/describe`);
  return body.fields?.map(({ name }) => name);
};

describe('a deploy', () => {
  it('has a row for the manifest, the object and each field, and changes nothing the second time', async () => {
    const first = await deploy(org, thing);
    expect(first).toMatchObject({ status: 'Succeeded', success: true, numberComponentErrors: 0 });
    expect(rows(first)).toEqual([
      ['', 'package.xml', false, true, false],
      ['CustomObject', 'Thing__c', true, true, false],
      ['CustomField', 'Thing__c.Code__c', true, true, false],
      ['CustomField', 'Thing__c.Region__c', true, true, false],
    ]);
    expect(rows(await deploy(org, thing)).slice(1)).toEqual([
      ['CustomObject', 'Thing__c', false, false, false],
      ['CustomField', 'Thing__c.Code__c', false, false, false],
      ['CustomField', 'Thing__c.Region__c', false, false, false],
    ]);
  });

  it('drives describe, DML and query at once; records keep what they hold', async () => {
    await deploy(org, thing);
    expect((await org.api('POST', '/sobjects/Thing__c', { Name: 'A', Code__c: 'x' })).status).toBe(201);
    const more = xml(
      'CustomObject',
      fieldXml('Is_On__c', '<defaultValue>true</defaultValue><type>Checkbox</type>') + textField('About__c'),
    );
    await deploy(org, {
      files: { 'objects/Thing__c.object': more },
      members: { CustomField: ['Thing__c.Is_On__c', 'Thing__c.About__c'] },
    });
    expect(await org.select('SELECT Name, Code__c, Region__c, Is_On__c, About__c FROM Thing__c')).toEqual([
      { Name: 'A', Code__c: 'x', Region__c: null, Is_On__c: true, About__c: null },
    ]);
    expect((await org.api('POST', '/sobjects/Thing__c', { About__c: 'y' })).status).toBe(201);
  });

  it('is all or nothing, or what is good, as it was asked', async () => {
    const refused = await deploy(org, badField);
    expect(refused).toMatchObject({ status: 'Failed', success: false, numberComponentErrors: 1 });
    expect(problemsOf(refused)).toEqual([
      "CustomField Sample__c.Bad__c: Must specify 'length' from 1 to 255 for a CustomField of type Text",
    ]);
    expect(refused.details.componentFailures[0]).toMatchObject({
      fileName: 'objects/Sample__c.object',
      problemType: 'Error',
      lineNumber: 3,
    });
    expect(await fieldsOf('Sample__c')).not.toContain('Good__c');
    expect(await deploy(org, badField, { rollbackOnError: false })).toMatchObject({
      status: 'SucceededPartial',
    });
    expect(await fieldsOf('Sample__c')).toContain('Good__c');
  });

  it('that only checks changes nothing', async () => {
    expect(await deploy(org, thing, { checkOnly: true })).toMatchObject({
      status: 'Succeeded',
      checkOnly: true,
    });
    expect(await fieldsOf('Thing__c')).toBeUndefined();
  });

  it('fails a component that needs one which fails', async () => {
    const lookup = fieldXml(
      'Thing__c',
      '<referenceTo>Thing__c</referenceTo><relationshipName>Samples</relationshipName><type>Lookup</type>',
    );
    const result = await deploy(org, {
      files: {
        'objects/Thing__c.object': objectXml().replace('<label>Thing</label>', ''),
        'objects/Sample__c.object': xml('CustomObject', lookup),
      },
      members: { CustomObject: ['Thing__c'], CustomField: ['Sample__c.Thing__c'] },
    });
    expect(problemsOf(result)).toEqual([
      'CustomObject Thing__c: Must specify a non-empty label for the CustomObject',
      "CustomField Sample__c.Thing__c: referenceTo value of 'Thing__c' does not resolve to a valid sObject type",
    ]);
  });

  it('never says that tests ran', async () => {
    const body =
      '@IsTest private class ThingTest { @IsTest static void one() {} @IsTest static void two() {} }';
    const meta = xml('ApexClass', '<apiVersion>66.0</apiVersion><status>Active</status>');
    const result = await deploy(
      org,
      {
        files: { 'classes/ThingTest.cls': body, 'classes/ThingTest.cls-meta.xml': meta },
        members: { ApexClass: ['ThingTest'] },
      },
      { testLevel: 'RunSpecifiedTests', runTests: ['ThingTest'] },
    );
    expect(result).toMatchObject({ status: 'Succeeded', runTestsEnabled: true });
    expect(result.details.runTestResult).toMatchObject({
      numTestsRun: 0,
      codeCoverageWarnings: [{ message: expect.stringContaining('2 test methods were found') }],
    });
  });

  it('waits while it is held, and can be cancelled', async () => {
    await org.control('PUT', '/deploys', { isHeld: true });
    const connection = await org.connect();
    const { id } = await connection.metadata.deploy((await zipOf(thing)).toString('base64'));
    const status = async () =>
      (await org.api<{ deployResult: Result }>('GET', `/metadata/deployRequest/${id}`)).body.deployResult
        .status;
    expect(await status()).toBe('Pending');
    const cancel = { deployResult: { status: 'Canceling' } };
    expect((await org.api('PATCH', `/metadata/deployRequest/${id}`, cancel)).status).toBe(202);
    await org.control('PUT', '/deploys', { isHeld: false });
    const { id: next } = await connection.metadata.deploy((await zipOf(thing)).toString('base64'));
    await until(async () => (await connection.metadata.checkDeployStatus(next)).done);
    expect(await status()).toBe('Canceled');
    expect((await org.api('PATCH', `/metadata/deployRequest/${id}`, cancel)).status).toBe(400);
  });
});

describe('a package that is none', () => {
  it.each<[string, Parameters<typeof deploy>[1], string]>([
    ['no zip', Buffer.from('PK, but no zip'), 'The zip cannot be read'],
    [
      'an unknown type',
      { members: { Report: ['X'] } },
      "Unknown type name 'Report' specified in package.xml",
    ],
    [
      'a member that is not there',
      { members: { ApexClass: ['Gone'] } },
      "An object 'Gone' of type ApexClass was named in package.xml, but was not found in zipped directory",
    ],
    [
      'a file that is not named',
      { files: { 'tabs/Thing__c.tab': xml('CustomTab', '<customObject>true</customObject>') } },
      'Not in package.xml',
    ],
    [
      'broken XML',
      {
        files: { 'objects/Thing__c.object': '<CustomObject><label></CustomObject>' },
        members: { CustomObject: ['Thing__c'] },
      },
      'Error parsing file',
    ],
    [
      'entities of its own',
      {
        files: { 'objects/Thing__c.object': '<!DOCTYPE a [<!ENTITY b "c">]><CustomObject/>' },
        members: { CustomObject: ['Thing__c'] },
      },
      'DOCTYPE is disallowed',
    ],
  ])('fails: %s', async (_name, pack, problem) => {
    const result = await deploy(org, pack);
    expect(result.status).toBe('Failed');
    const said = [result.errorMessage ?? '', ...problemsOf(result)].join('\n');
    expect(said).toContain(problem);
    expect(said).not.toContain('unexpected error');
  });
});

describe('a deletion', () => {
  it('takes out a field and its values, and warns of what is not there', async () => {
    await deploy(org, thing);
    const gone = await deploy(org, { destructive: { CustomField: ['Thing__c.Code__c'] } });
    expect(rows(gone).slice(2)).toEqual([['CustomField', 'Thing__c.Code__c', false, true, true]]);
    expect(await fieldsOf('Thing__c')).not.toContain('Code__c');
    const again = { destructive: { CustomField: ['Thing__c.Code__c'] } };
    expect(problemsOf(await deploy(org, again))).toEqual([
      'CustomField Thing__c.Code__c: No CustomField named: Thing__c.Code__c found',
    ]);
    expect((await deploy(org, again, { ignoreWarnings: true })).status).toBe('Succeeded');
    expect((await deploy(org, { destructive: { CustomObject: ['Thing__c'] } })).status).toBe('Succeeded');
    expect((await org.soql('SELECT Id FROM Thing__c')).status).toBe(400);
  });

  it('of what something else needs is refused', async () => {
    const body = 'public class Uses { Sample__c s = new Sample__c(Code__c = null); }';
    const meta = xml('ApexClass', '<apiVersion>66.0</apiVersion><status>Active</status>');
    await deploy(org, {
      files: { 'classes/Uses.cls': body, 'classes/Uses.cls-meta.xml': meta },
      members: { ApexClass: ['Uses'] },
    });
    expect(problemsOf(await deploy(org, { destructive: { CustomField: ['Sample__c.Code__c'] } }))).toEqual([
      expect.stringContaining('referenced elsewhere in salesforce.com: Uses (ApexClass)') as unknown,
    ]);
    const both = { destructive: { CustomField: ['Sample__c.Code__c'], ApexClass: ['Uses'] } };
    expect((await deploy(org, both)).status).toBe('Succeeded');
  });

  it('is undone by a reset, records and all', async () => {
    await createSamples(org, [{}]);
    expect((await deploy(org, { destructive: { CustomObject: ['Sample__c'] } })).status).toBe('Succeeded');
    await org.control('POST', '/reset');
    expect(await org.select('SELECT Id FROM Sample__c')).toEqual([]);
    expect(await fieldsOf('Sample__c')).toContain('Code__c');
  });

  it('refuses what is sent and deleted at once', async () => {
    const both = await deploy(org, { ...thing, destructive: { CustomField: ['Thing__c.Code__c'] } });
    expect(problemsOf(both)).toEqual([
      'CustomField Thing__c.Code__c: The component is both deployed and deleted',
    ]);
    expect(await fieldsOf('Thing__c')).toBeUndefined();
  });
});
