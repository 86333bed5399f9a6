import { problem, type Component, type Problem } from '../component.ts';
import { nodes, text } from '../xml.ts';
import { required } from './labels.ts';
import { inField, type Reference } from './reference.ts';

/** Metadata API Developer Guide, "ExternalCredential": protocol, label, and principals with a sequence number. */
export function credentialProblems(component: Component): Problem[] {
  const parameters = nodes(component.definition, 'externalCredentialParameters');
  const principals = parameters.filter((parameter) =>
    /Principal$/.test(text(parameter, 'parameterType') ?? ''),
  );
  const names = principals.map((principal) => text(principal, 'parameterName') ?? '');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...required(component, ['authenticationProtocol', 'label']),
    ...(parameters.some((parameter) => text(parameter, 'parameterType') === undefined)
      ? [problem('Required field is missing: parameterType')]
      : []),
    ...(principals.some((principal) => text(principal, 'sequenceNumber') === undefined)
      ? [problem('Required field is missing: sequenceNumber')]
      : []),
    ...(twice === undefined ? [] : [problem(`Duplicate principal: ${twice}`)]),
  ];
}

/** The principals of an external credential, as permission sets name them: `Credential-Principal`. */
export const principalsOf = ({ fullName, definition }: Component): string[] =>
  nodes(definition, 'externalCredentialParameters')
    .filter((parameter) => /Principal$/.test(text(parameter, 'parameterType') ?? ''))
    .map((parameter) => `${fullName}-${text(parameter, 'parameterName') ?? ''}`);

/**
 * Metadata API Developer Guide, "NamedCredential". With type SecuredEndpoint the URL and the credential are parameters; the
 * legacy elements belong to type Legacy only.
 */
export function namedCredentialProblems(component: Component): Problem[] {
  const { definition } = component;
  const type = text(definition, 'namedCredentialType');
  if (type !== 'SecuredEndpoint')
    return [problem(`namedCredentialType ${type ?? '(none)'} is not emulated by local-org`)];
  const parameters = nodes(definition, 'namedCredentialParameters');
  const legacy = ['endpoint', 'principalType', 'protocol', 'username', 'password'].filter(
    (element) => definition[element] !== undefined,
  );
  const url = parameters.find((parameter) => text(parameter, 'parameterType') === 'Url');
  const value = url && text(url, 'parameterValue');
  return [
    ...required(component, ['label']),
    ...legacy.map((element) =>
      problem(`Cannot specify: ${element} for a named credential of type SecuredEndpoint`),
    ),
    ...(value === undefined || !URL.canParse(value)
      ? [problem('Must specify a valid URL for the NamedCredential')]
      : []),
    ...(namedCredentialReferences(component).length === 0
      ? [problem('Must specify an external credential for the NamedCredential')]
      : []),
  ];
}

/** The external credential that a named credential authenticates with. */
export const namedCredentialReferences = ({ definition }: Component): Reference[] =>
  nodes(definition, 'namedCredentialParameters')
    .map((parameter) => text(parameter, 'externalCredential'))
    .filter((name) => name !== undefined)
    .map((name) => inField('externalCredential', 'ExternalCredential', name, { isHolding: true }));
