import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SalesforceSession } from '../../../middleware/src/adapters/salesforce/salesforceSession.ts';
import { startOrg, type RunningOrg } from '../../local-org/startOrg.ts';

let org: RunningOrg;
let session: SalesforceSession;

beforeEach(async () => {
  org = await startOrg();
  session = new SalesforceSession({
    loginUrl: org.url,
    login: { clientId: org.clientId, clientSecret: org.clientSecret },
    apiVersion: '66.0',
    timeoutMs: 10_000,
    maxRetries: 0,
  });
});
afterEach(() => org.stop());

const arm = (rule: object) =>
  org.control('PUT', '/faults', { rules: [{ match: { path: '/limits' }, ...rule }] });
const readLimits = () => session.read<object>({ method: 'GET', path: '/limits', what: 'reading the limits' });
const openStream = () => session.openStream('/limits', 'reading the limits');

describe.each([
  ['a request', readLimits],
  ['a stream', openStream],
])('%s', (_title, ask) => {
  it('renews a token that has ended', async () => {
    await ask();
    await arm({ kind: 'expiredSession', times: 1 });
    await expect(ask()).resolves.toBeDefined();
  });

  it('fails while the org refuses what it has just issued, and logs in afresh afterwards', async () => {
    await ask();
    await arm({ kind: 'expiredSession' });
    await expect(ask()).rejects.toMatchObject({ code: 'SALESFORCE_UNAUTHORIZED' });
    await expect(ask()).rejects.toMatchObject({ code: 'SALESFORCE_UNAUTHORIZED' });
    await org.control('DELETE', '/faults');
    await expect(ask()).resolves.toBeDefined();
  });

  it('takes too many calls at once for something that passes', async () => {
    await ask();
    await arm({ kind: 'rateLimited' });
    await expect(ask()).rejects.toMatchObject({ code: 'SALESFORCE_UNAVAILABLE' });
    await arm({ kind: 'apiLimit' });
    await expect(ask()).rejects.toMatchObject({ code: 'SALESFORCE_API_LIMIT' });
  });
});

it('says in the words of Salesforce why a file was refused', async () => {
  const upload = session.uploadText('/jobs/ingest/none/batches', text(), 'uploading a job');
  await expect(upload).rejects.toMatchObject({ message: expect.not.stringContaining('[object') });
});

async function* text(): AsyncIterable<string> {
  yield await Promise.resolve('Name\n');
}
