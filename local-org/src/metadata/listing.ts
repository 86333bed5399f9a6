import type { OrgUser } from '../auth/users.ts';
import { USERS } from '../auth/users.ts';
import type { OrgComponent } from './component.ts';
import type { Catalog } from './createCatalog.ts';
import { isKnownType, METADATA_TYPES } from './metadataTypes.ts';

const userName = (id: string): string =>
  Object.values<OrgUser>(USERS).find((user) => user.id === id)?.name ?? '';

/** What listMetadata and retrieve tell of a component (Metadata API Developer Guide, "FileProperties"). */
export const fileProperties = (component: OrgComponent) => ({
  createdById: component.createdById,
  createdByName: userName(component.createdById),
  createdDate: new Date(component.createdMs).toISOString(),
  fileName: component.fileName,
  // Layouts are listed percent-encoded [seen in public threads].
  fullName: component.type === 'Layout' ? encodeURIComponent(component.fullName) : component.fullName,
  id: component.id,
  lastModifiedById: component.changedById,
  lastModifiedByName: userName(component.changedById),
  lastModifiedDate: new Date(component.changedMs).toISOString(),
  manageableState: 'unmanaged',
  type: component.type,
});

/** The components of these types; of a type that this org does not have, none. */
export const listComponents = (catalog: Catalog, types: readonly string[]) =>
  types.filter(isKnownType).flatMap((type) => catalog.list(type).map(fileProperties));

/** Metadata API Developer Guide, "DescribeMetadataResult". */
export const describeTypes = () => ({
  metadataObjects: METADATA_TYPES.map(({ name, directory, suffix, hasMetaFile, children }) => ({
    childXmlNames: Object.values(children ?? {}).map((child) => child.name),
    directoryName: directory,
    inFolder: false,
    metaFile: hasMetaFile ?? false,
    suffix,
    xmlName: name,
  })),
  organizationNamespace: '',
  partialSaveAllowed: true,
  testRequired: false,
});
