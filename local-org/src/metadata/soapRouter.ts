import { Router, text as textBody, type Request, type Response } from 'express';
import { ApiError, invalidSession, requestLimitExceeded } from '../errors.ts';
import type { Answer } from '../http/answer.ts';
import { withFaults } from '../http/withFaults.ts';
import { sendAnswer } from '../http/sendAnswer.ts';
import type { Org } from '../org.ts';
import { METADATA_OPERATIONS } from './metadataOperations.ts';
import { BadXml, escapeXml, node, parseXml, text, toXml, type XmlNode } from './xml.ts';

/** A zip of 39 MB in base 64, with its envelope. */
const MAX_ENVELOPE = '54mb';

/**
 * `/services/Soap/m/NN.0`: the Metadata API. The session comes in the SOAP header, and whatever fails is HTTP 500 with a
 * fault (Metadata API Developer Guide, "Error Handling").
 */
export function soapRouter(org: Org): Router {
  const router = Router();
  router.post(
    '/services/Soap/m/:version',
    textBody({ type: () => true, limit: MAX_ENVELOPE }),
    async (request, response) => {
      try {
        await answerCall(org, request, response);
      } catch (error) {
        // A server that is away answers no SOAP.
        if (error instanceof ApiError && error.status < 500 && error.status !== 429)
          sendAnswer(response, fault(error));
        else throw error;
      }
    },
  );
  return router;
}

async function answerCall(org: Org, request: Request, response: Response): Promise<void> {
  const envelope = readEnvelope(String(request.body));
  const token = text(node(node(envelope, 'Header'), 'SessionHeader'), 'sessionId');
  await withFaults(org, { request, response, token }, async () => {
    const user = token === undefined ? undefined : org.sessions.findUser(token);
    if (!user) throw invalidSession();
    if (!org.usage.tryCount()) throw requestLimitExceeded();
    const body = node(envelope, 'Body');
    const [operation = ''] = Object.keys(body);
    const perform = METADATA_OPERATIONS[operation];
    if (!perform)
      throw new ApiError(
        400,
        'INVALID_OPERATION',
        `not emulated by local-org: ${operation || 'an empty body'}`,
      );
    const result = await perform({ org, user, argument: node(body, operation) });
    return soap(200, toXml(`${operation}Response`, { result }));
  });
}

function readEnvelope(body: string): XmlNode {
  try {
    return node(parseXml(body), 'Envelope');
  } catch (error) {
    if (!(error instanceof BadXml)) throw error;
    throw new ApiError(400, 'INVALID_SOAP_ENVELOPE', error.message);
  }
}

const fault = ({ code, message }: ApiError): Answer =>
  soap(
    500,
    `<soapenv:Fault><faultcode>sf:${escapeXml(code)}</faultcode><faultstring>${escapeXml(`${code}: ${message}`)}</faultstring></soapenv:Fault>`,
  );

const soap = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  body:
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns="http://soap.sforce.com/2006/04/metadata" ' +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
});
