/** A type of metadata that the org takes, as describeMetadata tells it. */
export interface MetadataType {
  readonly name: string;
  /** Folder in a package. */
  readonly directory: string;
  /** Ending of its file; a bundle has a folder instead. */
  readonly suffix?: string;
  /** Whether its source has a `-meta.xml` file beside it. */
  readonly hasMetaFile?: boolean;
  /** Key prefix of its ids. */
  readonly keyPrefix: string;
  /** Types that lie in the file of this one, by the element that holds them. */
  readonly children?: Readonly<Record<string, ChildType>>;
}

/** A type whose components lie in the file of another: `<fields>` in an object. */
export interface ChildType {
  readonly name: string;
  readonly keyPrefix: string;
}

/** Elements of an object that are components of their own (Metadata API Developer Guide, "CustomObject"). */
const OBJECT_CHILDREN: Readonly<Record<string, ChildType>> = {
  fields: { name: 'CustomField', keyPrefix: '00N' },
  listViews: { name: 'ListView', keyPrefix: '00B' },
  validationRules: { name: 'ValidationRule', keyPrefix: '03d' },
};

/** The types that this org takes. Any other is refused by name (directories and endings: describeMetadata). */
export const METADATA_TYPES: readonly MetadataType[] = [
  {
    name: 'CustomObject',
    directory: 'objects',
    suffix: 'object',
    keyPrefix: '01I',
    children: OBJECT_CHILDREN,
  },
  {
    name: 'CustomLabels',
    directory: 'labels',
    suffix: 'labels',
    keyPrefix: '102',
    children: { labels: { name: 'CustomLabel', keyPrefix: '101' } },
  },
  { name: 'CustomMetadata', directory: 'customMetadata', suffix: 'md', keyPrefix: 'm00' },
  { name: 'CustomPermission', directory: 'customPermissions', suffix: 'customPermission', keyPrefix: '0CP' },
  {
    name: 'ExternalCredential',
    directory: 'externalCredentials',
    suffix: 'externalCredential',
    keyPrefix: '0pE',
  },
  { name: 'NamedCredential', directory: 'namedCredentials', suffix: 'namedCredential', keyPrefix: '0XA' },
  { name: 'ApexClass', directory: 'classes', suffix: 'cls', hasMetaFile: true, keyPrefix: '01p' },
  { name: 'ApexTrigger', directory: 'triggers', suffix: 'trigger', hasMetaFile: true, keyPrefix: '01q' },
  { name: 'LightningComponentBundle', directory: 'lwc', keyPrefix: '0Rb' },
  { name: 'Layout', directory: 'layouts', suffix: 'layout', keyPrefix: '00h' },
  { name: 'FlexiPage', directory: 'flexipages', suffix: 'flexipage', keyPrefix: '0M0' },
  { name: 'CustomTab', directory: 'tabs', suffix: 'tab', keyPrefix: '01r' },
  { name: 'CustomApplication', directory: 'applications', suffix: 'app', keyPrefix: '02u' },
  { name: 'Flow', directory: 'flows', suffix: 'flow', keyPrefix: '301' },
  { name: 'DuplicateRule', directory: 'duplicateRules', suffix: 'duplicateRule', keyPrefix: '0Bm' },
  { name: 'PermissionSet', directory: 'permissionsets', suffix: 'permissionset', keyPrefix: '0PS' },
];

const byDirectory = new Map(METADATA_TYPES.map((type) => [type.directory, type]));
const byName = new Map(METADATA_TYPES.map((type) => [type.name, type]));
const childByName = new Map(
  METADATA_TYPES.flatMap((parent) =>
    Object.entries(parent.children ?? {}).map(
      ([element, child]) => [child.name, { parent, element, child }] as const,
    ),
  ),
);

export const findTypeByDirectory = (directory: string): MetadataType | undefined =>
  byDirectory.get(directory);
export const findType = (name: string): MetadataType | undefined => byName.get(name);

/** A type that lies in the file of another, with that other and the element that holds it. */
export const findChildType = (name: string) => childByName.get(name);

export const isKnownType = (name: string): boolean => byName.has(name) || childByName.has(name);

export const keyPrefixOf = (name: string): string =>
  (findType(name) ?? findChildType(name)?.child)?.keyPrefix ?? '000';
