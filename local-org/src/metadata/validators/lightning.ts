import { problem, type Component, type Problem } from '../component.ts';
import { node, nodes, text, texts, type XmlNode } from '../xml.ts';
import { required } from './labels.ts';
import { apexCode } from './apex.ts';
import { inField, type Reference } from './reference.ts';

/** A bundle is kept and never compiled; its main module must be there (LWC Developer Guide, "Component Folder"). */
export function bundleProblems(component: Component): Problem[] {
  const { files, fileName, fullName } = component;
  return [
    ...required(component, ['apiVersion']),
    ...(files.has(fileName) ? [] : [problem(`Cannot find Lightning Component Bundle ${fullName}`)]),
    ...(/^[a-z]\w*$/.test(fullName)
      ? []
      : [problem(`The name of a Lightning web component begins with a lower-case letter: ${fullName}`)]),
  ];
}

/** What the modules import of the org: Apex methods, labels, custom permissions, fields and objects. */
export function bundleReferences(component: Component): Reference[] {
  const source = [...component.files]
    .filter(([path]) => path.endsWith('.js'))
    .map(([, data]) => data.toString('utf8'));
  const imports = [...source.join('\n').matchAll(/from\s+['"]@salesforce\/(\w+)\/([^'"]+)['"]/g)];
  const objects = nodes(node(component.definition, 'targetConfigs'), 'targetConfig').flatMap((target) =>
    texts(node(target, 'objects'), 'object'),
  );
  return [
    ...imports.flatMap(([, kind = '', name = '']) => importReference(kind, name)),
    ...objects.map((object) => inField('object', 'CustomObject', object)),
  ];
}

function importReference(kind: string, name: string): Reference[] {
  const holding = { isHolding: true };
  switch (kind) {
    case 'apex':
      return apexReferences(name);
    case 'label':
      return [inField('import', 'CustomLabel', name.replace(/^c\./, ''), holding)];
    case 'customPermission':
      return [inField('import', 'CustomPermission', name, holding)];
    case 'schema':
      return [
        name.includes('.')
          ? inField('import', 'CustomField', name, holding)
          : inField('import', 'CustomObject', name, holding),
      ];
    default:
      return [];
  }
}

/** The class, and the method that it offers; both texts are quoted in public threads. */
function apexReferences(name: string): Reference[] {
  const [fullName = '', method = ''] = name.split('.');
  const offered = new RegExp(`@AuraEnabled\\b[^;{}]*?\\b${method}\\s*\\(`, 'i');
  const ofClass: Reference = {
    ...inField('import', 'ApexClass', fullName, { isHolding: true }),
    missing: `Unable to find Apex action class referenced as '${fullName}'.`,
  };
  return [
    ofClass,
    {
      ...ofClass,
      missing: `Unable to find Apex action method referenced as '${name}'.`,
      exists: (world) => {
        const found = world.find('ApexClass', fullName);
        return found === undefined || offered.test(apexCode(found));
      },
    },
  ];
}

/** The object and the Lightning components of a page; standard components have a namespace. */
export function flexiPageReferences({ definition }: Component): Reference[] {
  const object = text(definition, 'sobjectType');
  return [
    ...(object === undefined ? [] : [inField('sobjectType', 'CustomObject', object)]),
    ...componentNames(definition)
      .filter((name) => !name.includes(':'))
      .map((name) => inField('componentName', 'LightningComponentBundle', name, { isHolding: true })),
  ];
}

const componentNames = (definition: XmlNode): string[] =>
  nodes(definition, 'flexiPageRegions')
    .flatMap((region) => nodes(region, 'itemInstances'))
    .map((item) => text(node(item, 'componentInstance'), 'componentName'))
    .filter((name) => name !== undefined);
