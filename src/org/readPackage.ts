import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import {
  ComponentSet,
  DestructiveChangesType,
  NodeFSTreeContainer,
  type SourceComponent,
} from '@salesforce/source-deploy-retrieve';
import { fieldDefinition, type FieldDefinition, type FieldXml } from './fieldDefinition.ts';
import { componentKey, type PackageComponent } from './packageComponent.ts';

/** Where the plugin lies: two levels above this file, in `src` and in `lib`. */
const pluginDir = fileURLToPath(new URL('../..', import.meta.url));

/** What every org gets, and what an org gets that lacks the objects. */
const sourceDirs = { everyOrg: 'force-app/main/default', optIn: 'force-app/with-objects/default' };

/** Our own metadata, as it lies in the plugin. */
export interface SourcePackage {
  readonly components: readonly PackageComponent[];
  /** The custom fields, by `Object__c.Field__c`. */
  readonly fields: ReadonlyMap<string, FieldDefinition>;
  /** Names of the Apex classes which hold our tests. */
  readonly testClasses: readonly string[];
  /** The text of a component's file. */
  readText(component: PackageComponent): string;
  /** The components to send, with the files in `texts` (by `file`) replaced; the folder itself is never touched. */
  select(components: readonly PackageComponent[], texts?: ReadonlyMap<string, string>): ComponentSet;
  /** The components to delete: `first` before `last`, in one deploy. */
  selectDeletion(first: readonly PackageComponent[], last: readonly PackageComponent[]): ComponentSet;
}

/** Reads the metadata in the plugin's folder; nothing of the user's project is looked at. */
export function readPackage(rootDir: string = pluginDir): SourcePackage {
  const sources = new Map<string, SourceComponent>();
  const components: PackageComponent[] = [];
  for (const [isOptIn, dir] of [
    [false, sourceDirs.everyOrg],
    [true, sourceDirs.optIn],
  ] as const) {
    for (const source of sourcesIn(path.join(rootDir, dir), new NodeFSTreeContainer())) {
      const component = {
        type: source.type.name,
        fullName: source.fullName,
        isOptIn,
        file: fileOf(rootDir, source),
      };
      sources.set(componentKey(component), source);
      components.push(component);
    }
  }
  return {
    components,
    fields: fieldsOf(sources),
    testClasses: components
      .filter(({ type }) => type === 'ApexClass')
      .filter(({ file }) => /@istest\b/i.test(readFileSync(path.join(rootDir, file), 'utf8')))
      .map(({ fullName }) => fullName),
    readText: ({ file }) => readFileSync(path.join(rootDir, file), 'utf8'),
    select(chosen, texts = new Map()) {
      const tree = new EditedTree(
        new Map([...texts].map(([file, text]) => [path.join(rootDir, file), text])),
      );
      const keys = new Set(chosen.map(componentKey));
      const isWithObjects = chosen.some(({ isOptIn }) => isOptIn);
      const dirs = [sourceDirs.everyOrg, ...(isWithObjects ? [sourceDirs.optIn] : [])];
      return new ComponentSet(
        dirs
          .flatMap((dir) => sourcesIn(path.join(rootDir, dir), tree))
          .filter((source) => keys.has(componentKey({ type: source.type.name, fullName: source.fullName }))),
      );
    },
    selectDeletion(first, last) {
      const deletion = new ComponentSet();
      for (const [chosen, type] of [
        [first, DestructiveChangesType.PRE],
        [last, DestructiveChangesType.POST],
      ] as const) {
        for (const component of chosen) {
          const source = sources.get(componentKey(component));
          if (source !== undefined) deletion.add(source, type);
        }
      }
      return deletion;
    },
  };
}

/**
 * The sources in a folder, each by itself: a customer's object may need one of our list views and not the object. Labels
 * answer one by one too. An event or a metadata type is ours altogether and stays one.
 */
function sourcesIn(dir: string, tree: NodeFSTreeContainer): SourceComponent[] {
  if (!tree.exists(dir)) return [];
  return ComponentSet.fromSource({ fsPaths: [dir], tree })
    .getSourceComponents()
    .toArray()
    .flatMap((source) =>
      source.type.name === 'CustomObject' && source.fullName.endsWith('__c')
        ? [source, ...source.getChildren()]
        : source.type.name === 'CustomLabels'
          ? source.getChildren()
          : [source],
    );
}

function fieldsOf(sources: ReadonlyMap<string, SourceComponent>): Map<string, FieldDefinition> {
  const fields = [...sources.values()].filter(({ type }) => type.name === 'CustomField');
  return new Map(
    fields.map((source) => {
      const { CustomField: xml } = source.parseXmlSync() as unknown as { CustomField: FieldXml };
      return [source.fullName, fieldDefinition(source.fullName, xml)];
    }),
  );
}

/** The file that a person opens: the class rather than its `-meta.xml`. */
function fileOf(rootDir: string, { content, xml, tree }: SourceComponent): string {
  const file = content !== undefined && !tree.isDirectory(content) ? content : xml;
  return file === undefined ? '' : path.relative(rootDir, file).replaceAll(path.sep, '/');
}

/** The folder as it is, except for a few files which are sent with another text. */
class EditedTree extends NodeFSTreeContainer {
  readonly #texts: ReadonlyMap<string, string>;

  constructor(texts: ReadonlyMap<string, string>) {
    super();
    this.#texts = texts;
  }

  override readFileSync(file: string): Buffer {
    const text = this.#texts.get(file);
    return text === undefined ? super.readFileSync(file) : Buffer.from(text);
  }

  override async readFile(file: string): Promise<Buffer> {
    return this.#texts.has(file) ? this.readFileSync(file) : await super.readFile(file);
  }

  override stream(file: string): Readable {
    return this.#texts.has(file) ? Readable.from([this.readFileSync(file)]) : super.stream(file);
  }
}
