import type { AddressInfo } from 'node:net';
import express from 'express';

/** The baseline of the status benchmark: Express alone, answering one fixed JSON document of the size in argument 1. */
const bytes = Number(process.argv[2]);
const document = { text: 'x'.repeat(Math.max(0, bytes - '{"text":""}'.length)) };

const server = express()
  .get('/v1/properties/:id/status', (_request, response) => {
    response.json(document);
  })
  .listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${String(port)}` })}\n`);
  });
process.once('SIGTERM', () => process.exit(0));
