import { z } from 'zod';
import { badJson, notFound } from '../errors.ts';
import { ok, type ApiRequest, type Handler, type Route } from '../http/answer.ts';
import { keyOf, type OrgComponent } from '../metadata/component.ts';
import { isTrue, nodes, text, toXml, type XmlNode } from '../metadata/xml.ts';

/** The body of a PUT (Connect REST API Developer Guide, "Named Credential", v58.0): these five are required. */
const namedCredential = z.object({
  calloutOptions: z.object({
    allowMergeFieldsInBody: z.boolean().default(false),
    allowMergeFieldsInHeader: z.boolean().default(false),
    generateAuthorizationHeader: z.boolean().default(false),
  }),
  calloutUrl: z.url(),
  developerName: z.string().optional(),
  externalCredentials: z.array(z.object({ developerName: z.string() })).length(1),
  masterLabel: z.string().min(1),
  type: z.literal('SecuredEndpoint'),
});

/** GET /named-credentials/named-credential-setup: all of them. */
const list: Handler = ({ org }) =>
  ok({ namedCredentials: org.metadata.catalog.list('NamedCredential').map(describe(org)) });

/** GET /named-credentials/named-credential-setup/Name. */
const read: Handler = (request) => ok(describe(request.org)(find(request)));

/** PUT /named-credentials/named-credential-setup/Name: puts another URL, label, credential and options in place. */
const replace: Handler = (request) => {
  const component = find(request);
  const parsed = namedCredential.safeParse(request.body);
  if (!parsed.success) throw badJson(z.prettifyError(parsed.error));
  const { calloutOptions, calloutUrl, externalCredentials, masterLabel } = parsed.data;
  const credential = externalCredentials[0]?.developerName ?? '';
  const { catalog } = request.org.metadata;
  if (!catalog.find('ExternalCredential', credential))
    throw notFound(`There is no external credential ${credential}`);
  const definition: XmlNode = {
    ...component.definition,
    ...Object.fromEntries(Object.entries(calloutOptions).map(([name, value]) => [name, String(value)])),
    label: masterLabel,
    namedCredentialParameters: nodes(component.definition, 'namedCredentialParameters').map((parameter) => {
      const type = text(parameter, 'parameterType');
      if (type === 'Url') return { ...parameter, parameterValue: calloutUrl };
      return type === 'Authentication' ? { ...parameter, externalCredential: credential } : parameter;
    }),
  };
  save(request, component, definition);
  return read(request);
};

function find({ org, params }: ApiRequest): OrgComponent {
  const component = org.metadata.catalog.find('NamedCredential', params['name'] ?? '');
  if (!component) throw notFound();
  return component;
}

function save({ org, user }: ApiRequest, component: OrgComponent, definition: XmlNode): void {
  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    toXml('NamedCredential', definition, '').replace(
      '<NamedCredential>',
      '<NamedCredential xmlns="http://soap.sforce.com/2006/04/metadata">',
    );
  const next = new Map(org.metadata.catalog.components);
  next.set(keyOf(component.type, component.fullName), {
    ...component,
    definition,
    files: new Map([[component.fileName, Buffer.from(xml)]]),
    changedMs: org.clock.nowMs(),
    changedById: user.id,
  });
  org.metadata.apply(next);
}

const describe =
  (org: ApiRequest['org']) =>
  ({ id, fullName, definition }: OrgComponent) => {
    const parameters = nodes(definition, 'namedCredentialParameters');
    const url = parameters.find((parameter) => text(parameter, 'parameterType') === 'Url');
    const credentials = parameters
      .map((parameter) => text(parameter, 'externalCredential'))
      .filter((name) => name !== undefined);
    return {
      calloutOptions: {
        allowMergeFieldsInBody: isTrue(definition, 'allowMergeFieldsInBody'),
        allowMergeFieldsInHeader: isTrue(definition, 'allowMergeFieldsInHeader'),
        generateAuthorizationHeader: isTrue(definition, 'generateAuthorizationHeader'),
      },
      calloutStatus: text(definition, 'calloutStatus') ?? 'Enabled',
      calloutUrl: (url && text(url, 'parameterValue')) ?? null,
      customHeaders: [],
      developerName: fullName,
      externalCredentials: credentials.map((name) => {
        const found = org.metadata.catalog.find('ExternalCredential', name);
        return {
          developerName: name,
          id: found?.id ?? null,
          masterLabel: (found && text(found.definition, 'label')) ?? null,
        };
      }),
      id,
      masterLabel: text(definition, 'label') ?? null,
      networkConnection: null,
      parameters: [],
      type: text(definition, 'namedCredentialType') ?? null,
    };
  };

const path = '/named-credentials/named-credential-setup';

export const namedCredentialRoutes: readonly Route[] = [
  { method: 'GET', path, handle: list },
  { method: 'GET', path: `${path}/:name`, handle: read },
  { method: 'PUT', path: `${path}/:name`, handle: replace },
];
