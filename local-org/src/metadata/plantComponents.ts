import { z } from 'zod';
import { USERS } from '../auth/users.ts';
import { keyOf, parentOf, type OrgComponent } from './component.ts';
import type { Metadata } from './metadata.ts';
import { findType, isKnownType } from './metadataTypes.ts';
import { toXml, type XmlNode } from './xml.ts';

/** What `POST /__local/components` takes: metadata that an admin of the org made by hand. */
export const plantRequest = z.strictObject({
  components: z.array(
    z.strictObject({
      type: z.string().refine(isKnownType, 'is no type of metadata that this org has'),
      fullName: z.string().min(1),
      /** Its elements, texts all: `{active: 'true'}`. */
      definition: z.record(z.string(), z.unknown()).default({}),
      /** Apex. */
      source: z.string().optional(),
    }),
  ),
});

/** Puts components into the org as they are; nothing judges them. */
export function plantComponents(metadata: Metadata, { components }: z.infer<typeof plantRequest>): void {
  const next = new Map(metadata.catalog.components);
  const nowMs = metadata.clock.nowMs();
  for (const { type, fullName, definition, source } of components) {
    const planted: OrgComponent = {
      type,
      fullName,
      fileName: fileNameOf(type, fullName),
      definition: definition as XmlNode,
      files: filesOf(type, fullName, definition, source),
      line: 1,
      column: 1,
      id: metadata.catalog.find(type, fullName)?.id ?? metadata.catalog.newId(type),
      createdMs: nowMs,
      createdById: USERS.admin.id,
      changedMs: nowMs,
      changedById: USERS.admin.id,
    };
    next.set(keyOf(type, fullName), planted);
  }
  metadata.apply(next);
}

function fileNameOf(type: string, fullName: string): string {
  const own = findType(type);
  if (!own)
    return type === 'CustomLabel' ? 'labels/CustomLabels.labels' : `objects/${parentOf(fullName)}.object`;
  return `${own.directory}/${fullName}.${own.suffix ?? ''}`;
}

function filesOf(type: string, fullName: string, definition: object, source: string | undefined) {
  const own = findType(type);
  if (!own || own.children) return new Map<string, Buffer>();
  const fileName = fileNameOf(type, fullName);
  const xml = Buffer.from(toXml(type, definition, ''));
  if (source === undefined) return new Map([[fileName, xml]]);
  return new Map([
    [fileName, Buffer.from(source)],
    [`${fileName}-meta.xml`, xml],
  ]);
}
