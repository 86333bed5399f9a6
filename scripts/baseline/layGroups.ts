import type { Draw } from './draw.ts';
import {
  blocksWithId,
  januaryProperties,
  liveBlocks,
  parkKennedyBlocks,
  softDeletedBlocks,
  type Block,
  type BlockName,
} from './january.ts';
import type { PlannedGroup, PlannedProperty } from './plan.ts';
import { scaleUnits } from './scale.ts';

/** The groups of the baseline with their members and own rows; everything else is still blank. */
export interface Layout {
  readonly groups: PlannedGroup[];
  readonly properties: PlannedProperty[];
}

const notEligible: ReadonlySet<BlockName> = new Set(['test', 'noCompany', 'placeholder', 'softDeleted']);

const rowsOf: Readonly<Record<string, number>> = { L: 1, U: 1, '-': 0, 2: 2, 3: 3, 4: 4 };

/** Lays out the blocks, scaled to `liveProperties`, then the soft-deleted properties on top. */
export function layGroups(draw: Draw, liveProperties: number): Layout {
  const layout: Layout = { groups: [], properties: [] };
  const fixed = parkKennedyBlocks.reduce((sum, block) => sum + sizeOf(block), 0);
  const counts = scaleUnits(
    liveBlocks.map((block) => ({ count: block.groups, size: sizeOf(block) })),
    liveProperties - fixed,
  );
  for (const block of parkKennedyBlocks) addGroups(layout, block, 1, block.active !== undefined);
  liveBlocks.forEach((block, index) =>
    addGroups(layout, block, counts[index] ?? 0, blocksWithId.has(block.name)),
  );
  linkSiblingsWithoutRow(draw, layout);
  addSoftDeleted(draw, layout);
  return layout;
}

/** Live properties of one group of the block. */
function sizeOf(block: Block): number {
  return (block.active?.length ?? 0) + (block.disabled?.length ?? 0);
}

function addGroups(layout: Layout, block: Block, count: number, hasId: boolean): void {
  for (let added = 0; added < count; added += 1) {
    const group: PlannedGroup = {
      number: layout.groups.length + 1,
      block: block.name,
      hasId,
      isPaid: block.isPaid ?? false,
      members: [],
      others: [],
      flags: 0,
    };
    layout.groups.push(group);
    for (const rows of block.active ?? '') addProperty(layout, group, rows, true);
    for (const rows of block.disabled ?? '') addProperty(layout, group, rows, false);
  }
}

function addProperty(layout: Layout, group: PlannedGroup, rows: string, isActive: boolean): void {
  const isEligible = isActive && !notEligible.has(group.block);
  const property = blankProperty(layout.properties.length + 1, group, {
    isActive,
    isEligible,
    isDeleted: false,
  });
  property.liveRows = rowsOf[rows] ?? 0;
  // Surplus rows of a property with a valid id are linked like the first.
  if (property.liveRows > 0 && rows !== 'U' && group.hasId) property.lookup = group;
  (isEligible ? group.members : group.others).push(property);
  layout.properties.push(property);
}

function blankProperty(
  number: number,
  group: PlannedGroup,
  is: Pick<PlannedProperty, 'isActive' | 'isEligible' | 'isDeleted'>,
): PlannedProperty {
  return {
    number,
    group,
    ...is,
    sfdcForm: group.hasId ? 'id18' : group.block === 'placeholder' ? 'placeholder' : 'null',
    liveRows: 0,
    lookup: null,
    hasRecycledRow: false,
    difference: 'none',
    ownFlags: 0,
    staleFlag: 0,
    testingFlag: 0,
    hasWideRow: !is.isDeleted,
    identicalWideRows: 0,
    hasOppositeWideRow: false,
    insertedAt: 0,
    updatedAt: 0,
    company: -1,
    nameNumber: number,
    phase: 1,
    namePattern: 'plain',
    cityHasOuterSpace: false,
    stateForm: 'code',
    zipForm: 'zip5',
  };
}

/** Some DISABLED siblings that no row is linked for have a row without lookup. */
function linkSiblingsWithoutRow(draw: Draw, layout: Layout): void {
  const siblings = layout.groups
    .filter((group) => group.block === 'oneActive')
    .flatMap((group) => group.others)
    .filter((property) => property.liveRows === 0);
  for (const property of draw.pick('unlinked siblings', siblings, draw.quota('unlinkedDisabledSiblings'))) {
    property.liveRows = 1;
  }
}

function addSoftDeleted(draw: Draw, layout: Layout): void {
  for (const block of softDeletedBlocks) {
    const isActive = block.active !== undefined;
    const sharedWith = isActive ? 'unshared' : 'singleDisabled';
    const groups = layout.groups.filter((group) => group.block === sharedWith);
    for (const group of draw.pick(`soft-deleted on ${sharedWith}`, groups, draw.scaled(block.groups))) {
      const number = layout.properties.length + 1;
      layout.properties.push(blankProperty(number, group, { isActive, isEligible: false, isDeleted: true }));
    }
  }
}

/** How many live properties the blocks add up to; equals the January size. */
export function blockTotal(): number {
  return [...parkKennedyBlocks, ...liveBlocks].reduce((sum, block) => sum + block.groups * sizeOf(block), 0);
}

if (blockTotal() !== januaryProperties) throw new Error(`The blocks add up to ${blockTotal()} properties.`);
