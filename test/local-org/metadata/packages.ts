import JSZip from 'jszip';
import type { RunningOrg } from '../startOrg.ts';

/** The files of a package by path, and what its manifest names by type. */
export interface TestPackage {
  readonly files?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, readonly string[]>>;
  readonly destructive?: Readonly<Record<string, readonly string[]>>;
}

/** One row of componentSuccesses or componentFailures. */
export interface Row {
  readonly componentType: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly problem?: string;
  readonly problemType?: string;
  readonly created: boolean;
  readonly changed: boolean;
  readonly deleted: boolean;
  readonly lineNumber?: number;
}

/** What REST answers of a deploy. */
export interface Result {
  readonly id: string;
  readonly status: string;
  readonly done: boolean;
  readonly success: boolean;
  readonly checkOnly: boolean;
  readonly errorMessage?: string;
  readonly numberComponentErrors: number;
  readonly runTestsEnabled: boolean;
  readonly details: {
    readonly componentSuccesses: readonly Row[];
    readonly componentFailures: readonly Row[];
    readonly runTestResult: {
      readonly numTestsRun: number;
      readonly codeCoverageWarnings?: readonly { readonly message: string }[];
    };
  };
}

const namespace = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

/** A metadata file. */
export const xml = (root: string, inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${namespace}>\n${inner}\n</${root}>\n`;

const manifest = (members: TestPackage['members'] = {}): string =>
  xml(
    'Package',
    Object.entries(members)
      .map(
        ([name, names]) =>
          `<types>${names.map((each) => `<members>${each}</members>`).join('')}<name>${name}</name></types>`,
      )
      .join('') + '<version>66.0</version>',
  );

export async function zipOf({ files = {}, members, destructive }: TestPackage): Promise<Buffer> {
  const zip = new JSZip();
  zip.file('package.xml', manifest(members));
  if (destructive) zip.file('destructiveChangesPost.xml', manifest(destructive));
  for (const [path, content] of Object.entries(files)) zip.file(path, content);
  return zip.generateAsync({ type: 'nodebuffer' });
}

/** Deploys by REST and waits for the end. */
export async function deploy(
  org: RunningOrg,
  pack: TestPackage | Buffer,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Result> {
  const zip = Buffer.isBuffer(pack) ? pack : await zipOf(pack);
  const form = new FormData();
  form.set('json', JSON.stringify({ deployOptions: { rollbackOnError: true, ...options } }));
  form.set('file', new File([new Uint8Array(zip)], 'package.zip', { type: 'application/zip' }));
  const url = `${org.url}/services/data/v66.0/metadata/deployRequest`;
  const headers = { authorization: `Bearer ${org.accessToken}` };
  const started = await fetch(url, { method: 'POST', headers, body: form });
  if (started.status !== 201) throw new Error(await started.text());
  const { id } = (await started.json()) as { id: string };
  const read = async () =>
    (await org.api<{ deployResult: Result }>('GET', `/metadata/deployRequest/${id}?includeDetails=true`)).body
      .deployResult;
  let result = await read();
  while (!result.done) result = await read();
  return result;
}

/** The problems of a deploy, as `Type Name: problem`. */
export const problemsOf = ({ details }: Result): string[] =>
  details.componentFailures.map(({ componentType, fullName, problem }) =>
    `${componentType} ${fullName}: ${problem ?? ''}`.trim(),
  );

/** An object with these elements below its own. */
export const objectXml = (inner = ''): string =>
  xml(
    'CustomObject',
    `<deploymentStatus>Deployed</deploymentStatus><label>Thing</label><pluralLabel>Things</pluralLabel>
    <nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>${inner}`,
  );

/** A custom field as it stands in an object. */
export const fieldXml = (name: string, inner: string): string =>
  `<fields><fullName>${name}</fullName><label>${name.replace(/__c$/, '')}</label>${inner}</fields>`;

export const textField = (name: string, inner = ''): string =>
  fieldXml(name, `<length>40</length><type>Text</type>${inner}`);
