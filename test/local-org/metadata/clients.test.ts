import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from '@salesforce/kit';
import { ComponentSet } from '@salesforce/source-deploy-retrieve';
import type { Connection } from 'jsforce';
import JSZip from 'jszip';
import { connectTo } from '../../org/connectTo.ts';
import { startOrg, type RunningOrg } from '../startOrg.ts';
import { deploy, objectXml, textField, zipOf } from './packages.ts';

const source = new URL('../schema', import.meta.url).pathname;
let org: RunningOrg;
let jsforce: Connection;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'local-org-'));
  org = await startOrg({ schemaDir: null });
  jsforce = await org.connect();
});
afterAll(async () => {
  await org.stop();
  rmSync(directory, { recursive: true });
});

const envelope = (session: string, body: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader><sessionId>${session}</sessionId></SessionHeader></e:Header><e:Body>${body}</e:Body></e:Envelope>`;
const call = (body: string, session = org.accessToken) =>
  org.api('POST', '/services/Soap/m/66.0', envelope(session, body), {
    'content-type': 'text/xml',
    authorization: '',
  });

describe('source-deploy-retrieve', () => {
  it.each([false, true])('deploys into an org without objects, by REST: %s', async (rest) => {
    await org.control('POST', '/reset');
    const deployed = await ComponentSet.fromSource(source).deploy({
      usernameOrConnection: await connectTo(org),
      apiOptions: { rest, rollbackOnError: true },
    });
    const { response } = await deployed.pollStatus({ frequency: Duration.milliseconds(10) });
    expect(response).toMatchObject({ status: 'Succeeded', success: true, numberComponentErrors: 0 });
    expect(response.numberComponentsDeployed).toBe(11);
    expect((await org.soql('SELECT Id, Code__c FROM Sample__c')).body).toMatchObject({ totalSize: 0 });
  });

  it('retrieves what it deployed, which is then the same as in the org', async () => {
    const retrieved = await new ComponentSet([{ type: 'CustomObject', fullName: 'Sample__c' }]).retrieve({
      usernameOrConnection: await connectTo(org),
      output: directory,
      format: 'source',
    });
    const result = await retrieved.pollStatus({ frequency: Duration.milliseconds(10) });
    expect(result.response).toMatchObject({ status: 'Succeeded', success: true });
    const again = await ComponentSet.fromSource(directory).deploy({
      usernameOrConnection: await connectTo(org),
    });
    const { response } = await again.pollStatus({ frequency: Duration.milliseconds(10) });
    const rows = [response.details.componentSuccesses ?? []]
      .flat()
      .filter(({ componentType }) => componentType !== '');
    expect(rows).toHaveLength(11);
    expect(rows.filter(({ changed, created }) => changed || created)).toEqual([]);
  });
});

describe('jsforce', () => {
  it('describes and lists the metadata', async () => {
    const { metadataObjects } = await jsforce.metadata.describe('66.0');
    expect(metadataObjects.find(({ xmlName }) => xmlName === 'CustomObject')).toMatchObject({
      directoryName: 'objects',
      suffix: 'object',
      childXmlNames: ['CustomField', 'ListView', 'ValidationRule'],
    });
    const listed = await jsforce.metadata.list([{ type: 'CustomObject' }, { type: 'CustomField' }], '66.0');
    expect(listed).toHaveLength(11);
    expect(listed[0]).toMatchObject({
      fullName: 'Sample__c',
      type: 'CustomObject',
      manageableState: 'unmanaged',
    });
    expect(await jsforce.metadata.list([{ type: 'ApexClass' }], '66.0')).toEqual([]);
  });

  it('retrieves one field alone, and is told of what is not there', async () => {
    const types = [
      { members: ['Sample__c.Code__c'], name: 'CustomField' },
      { members: ['No'], name: 'ApexClass' },
    ];
    const { id } = await jsforce.metadata.retrieve({ apiVersion: 66, unpackaged: { types } as never });
    const result = await jsforce.metadata.checkRetrieveStatus(id);
    expect([result.messages].flat()).toMatchObject([
      { problem: "Entity of type 'ApexClass' named 'No' cannot be found" },
    ]);
    const zip = await JSZip.loadAsync(result.zipFile, { base64: true });
    const file = await zip.file('unpackaged/objects/Sample__c.object')?.async('string');
    expect(file).toContain('<fullName>Code__c</fullName>');
    expect(file).not.toContain('<pluralLabel>');
    expect(file).not.toContain('Region__c');
  });
});

describe('SOAP', () => {
  it.each([
    ['an operation that is not there', '<readMetadata/>', undefined, 'sf:INVALID_OPERATION'],
    ['a session that is none', '<describeMetadata/>', 'none', 'sf:INVALID_SESSION_ID'],
    [
      'a deploy that is not known',
      '<checkDeployStatus><asyncProcessId>0AfZZ0000000009</asyncProcessId></checkDeployStatus>',
      undefined,
      'sf:INVALID_ID_FIELD',
    ],
    ['a deploy without a zip', '<deploy/>', undefined, 'sf:MISSING_ARGUMENT'],
    [
      'too many queries',
      `<listMetadata>${'<queries><type>Flow</type></queries>'.repeat(4)}</listMetadata>`,
      undefined,
      'sf:INVALID_NUMBER_OF_QUERIES',
    ],
  ])('answers %s with a fault', async (_name, body, session, code) => {
    const reply = await call(body, session);
    expect(reply.status).toBe(500);
    expect(reply.text).toContain(`<faultcode>${code}</faultcode>`);
  });

  it('answers what is no XML with a fault, and takes no entities', async () => {
    for (const body of ['no xml', '<!DOCTYPE a [<!ENTITY b "c">]><a/>']) {
      const reply = await org.api('POST', '/services/Soap/m/66.0', body, { 'content-type': 'text/xml' });
      expect(reply).toMatchObject({ status: 500, text: expect.stringContaining('INVALID_SOAP_ENVELOPE') });
    }
  });
});

describe('REST', () => {
  it('refuses a body without a zip, and a quick deploy', async () => {
    expect((await org.api('POST', '/metadata/deployRequest', {})).status).toBe(400);
    const { id } = await deploy(org, { members: {} }, { checkOnly: true });
    const quick = await org.api('POST', '/metadata/deployRequest', { validatedDeployRequestId: id });
    expect(quick).toMatchObject({
      status: 400,
      body: [{ message: expect.stringContaining('not emulated') }],
    });
  });

  it('takes a package that lies in a folder', async () => {
    const zip = new JSZip();
    const pack = {
      files: { 'objects/Boxed__c.object': objectXml(textField('A__c')) },
      members: { CustomObject: ['Boxed__c'] },
    };
    const flat = await JSZip.loadAsync(await zipOf(pack));
    for (const [path, file] of Object.entries(flat.files))
      zip.file(`unpackaged/${path}`, await file.async('string'));
    const result = await deploy(org, await zip.generateAsync({ type: 'nodebuffer' }));
    expect(result.status).toBe('Succeeded');
    expect(await org.select('SELECT Id, A__c FROM Boxed__c')).toEqual([]);
  });
});
