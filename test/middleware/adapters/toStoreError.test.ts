import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { toStoreError } from '../../../middleware/src/adapters/store/toStoreError.ts';
import { SyncError } from '../../../middleware/src/errors.ts';

const unavailable = {
  code: 'STORE_UNAVAILABLE',
  message: expect.stringMatching(/^The store cannot be reached: /),
};

it.each(['reset', 'ended', 'refused'])(
  'a connection that is %s means that the store is unavailable',
  async (how) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    if (how === 'refused') server.close();
    const client = new pg.Client({ host: '127.0.0.1', port });
    const error: unknown = await client.connect().catch((caught: unknown) => caught);
    server.close();
    expect(toStoreError(error)).toMatchObject(unavailable);
  },
);

it.each(['08006', '25P03', '53300', '57P01', '57P03', 'ETIMEDOUT'])('so does the code %s', (code) => {
  expect(toStoreError(Object.assign(new Error('x'), { code }))).toMatchObject(unavailable);
});

it.each([
  ['a rule that the database refused', Object.assign(new Error('duplicate key'), { code: '23505' })],
  ['an error without a code', new Error('a bug')],
  ['an error of ours', new SyncError('NOT_FOUND', 'No such run.')],
  ['what is no error', 'Connection terminated'],
])('leaves %s as it came', (_, error) => {
  expect(toStoreError(error)).toBe(error);
});
