import TCLIService from '@databricks/sql/thrift/TCLIService.js';
import { TBinaryProtocol, TBufferedTransport } from 'thrift';

/** The calls that are answered, by name; each takes a request and resolves with a response of the driver's own types. */
export type Handlers = Readonly<Record<string, (request: never) => Promise<object>>>;

/** The name of the call that the message makes. */
export function callName(message: Buffer): string {
  let name = '';
  TBufferedTransport.receiver((transport) => {
    name = new TBinaryProtocol(transport).readMessageBegin().fname;
  }, 0)(message);
  return name;
}

/** Resolves with the answer to one message of the service. Rejects if the call is not among the handlers. */
export function answerThrift(handlers: Handlers, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const output = new TBinaryProtocol(
      new TBufferedTransport(undefined, (answer = Buffer.alloc(0)) => resolve(answer)),
    );
    TBufferedTransport.receiver((transport) => {
      try {
        new TCLIService.Processor(handlers).process(new TBinaryProtocol(transport), output);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }, 0)(message);
  });
}
