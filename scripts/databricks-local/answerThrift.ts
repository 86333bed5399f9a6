import TCLIService from '@databricks/sql/thrift/TCLIService.js';
import thrift from '@databricks/sql/thrift/TCLIService_types.js';
import { TBinaryProtocol, TBufferedTransport, type TProtocol } from 'thrift';

/** A call as it arrives: its name, and the statement if it carries one. */
export interface Call {
  readonly name: string;
  readonly statement?: string;
}

/** Reads which call a message makes. Throws if it is no message of the service. */
export function readCall(message: Buffer): Call {
  return decode(message, (input) => {
    const { fname: name } = input.readMessageBegin();
    if (name !== 'ExecuteStatement') return { name };
    input.readStructBegin();
    input.readFieldBegin();
    const request = new thrift.TExecuteStatementReq();
    (request as unknown as { read(input: TProtocol): void }).read(input);
    return { name, statement: request.statement };
  });
}

/**
 * Resolves with the answer to one message of the service. The handlers are promises by the name of the call, and take and
 * give the driver's own types. Rejects if the call is not among them.
 */
export function answerThrift(handlers: object, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const output = new TBufferedTransport(undefined, (answer = Buffer.alloc(0)) => resolve(answer));
    try {
      decode(message, (input) => {
        new TCLIService.Processor(handlers).process(input, new TBinaryProtocol(output));
      });
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function decode<Result>(message: Buffer, read: (input: TProtocol) => Result): Result {
  let results: Result[] = [];
  TBufferedTransport.receiver((transport) => {
    results = [read(new TBinaryProtocol(transport))];
  }, 0)(message);
  const [result] = results;
  if (results.length === 0) throw new Error('The message is cut short.');
  return result as Result;
}
