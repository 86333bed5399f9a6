import { readFile } from 'node:fs/promises';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** A headed block of a record's details. */
export interface LayoutSection {
  readonly label: string;
  readonly fields: readonly string[];
}

const folder = new URL('../../force-app/with-objects/default/layouts/', import.meta.url);
const repeated = new Set(['layoutSections', 'layoutColumns', 'layoutItems']);
const item = z.object({ field: z.string().optional() });
const column = z.union([z.string(), z.object({ layoutItems: z.array(item).default([]) })]);
const layoutSchema = z.object({
  Layout: z.object({
    layoutSections: z.array(z.object({ label: z.string(), layoutColumns: z.array(column).default([]) })),
  }),
});
/** Fields that hold an id of somebody, which says nothing to people. */
const leftOut = new Set(['OwnerId', 'CreatedById', 'LastModifiedById']);

/** The page layout of the package: which fields a record shows, and in what order. */
export async function readLayout(object: string, label: string): Promise<LayoutSection[]> {
  const text = await readFile(new URL(`${object}-${label} Layout.layout-meta.xml`, folder), 'utf8');
  const parser = new XMLParser({ isArray: (name) => repeated.has(name) });
  const { Layout: layout } = layoutSchema.parse(parser.parse(text));
  return layout.layoutSections
    .map((section) => ({
      label: section.label,
      fields: section.layoutColumns
        .flatMap((each) => (typeof each === 'string' ? [] : each.layoutItems))
        .flatMap(({ field }) => (field === undefined || leftOut.has(field) ? [] : [field])),
    }))
    .filter(({ fields }) => fields.length > 0);
}
