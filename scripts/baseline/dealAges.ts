import type { Draw } from './draw.ts';
import { idTopic, uuid } from './ids.ts';
import type { Layout } from './layGroups.ts';
import type { PlannedGroup, PlannedProperty } from './plan.ts';
import { createHash, type Random } from './random.ts';

const hour = 3_600;
const day = 24 * hour;

/** Decides when each property was created and last changed. `now` in seconds. */
export function dealAges(draw: Draw, layout: Layout, now: number): void {
  const random = draw.random('ages');
  for (const property of layout.properties) {
    // Only the create queue holds properties younger than 31 days.
    property.insertedAt = now - between(random, 31 * day, 2_900 * day);
  }
  dealCreateQueue(draw, layout, now);
  for (const property of layout.properties) property.updatedAt = changedAt(random, property, now);
  for (const group of layout.groups) if (group.members.length > 1) orderMembers(random, group, now);
  plantTies(draw, layout);
  dateParkKennedy(layout);
}

function between(random: Random, least: number, limit: number): number {
  return least + random.below(limit - least);
}

/** Members of shared groups are never the young ones: their order of change is decided within 30 days. */
function dealCreateQueue(draw: Draw, layout: Layout, now: number): void {
  const random = draw.random('create queue ages');
  const queue = layout.properties.filter(
    (property) => property.isEligible && property.liveRows === 0 && property.group.block !== 'parkKennedy',
  );
  const alone = queue.filter((property) => property.group.members.length === 1 && !property.hasRecycledRow);
  const young = new Set(draw.pick('young', alone, draw.quota('createdWithin30Days')));
  const others = queue.filter((property) => !young.has(property));
  const old = new Set(draw.pick('old', others, draw.quota('createdOver365DaysAgo')));
  for (const property of queue) {
    const [least, limit] = young.has(property)
      ? [hour, 30 * day]
      : old.has(property)
        ? [366 * day, 2_500 * day]
        : [31 * day, 365 * day];
    property.insertedAt = now - between(random, least, limit);
  }
}

/** One in forty was changed within the last day. */
function changedAt(random: Random, property: PlannedProperty, now: number): number {
  const latest = now - hour;
  const earliest = random.below(40) === 0 ? Math.max(property.insertedAt, now - day) : property.insertedAt;
  return earliest + random.below(Math.max(1, latest - earliest));
}

/** Distinct times, newest first, all after the youngest member's creation. */
function orderMembers(random: Random, group: PlannedGroup, now: number): void {
  const newest = now - between(random, hour, 28 * day);
  group.members.forEach((member, place) => {
    member.updatedAt = newest - place * 61;
  });
}

/** Groups whose two newest members were changed at the same moment: `insertedAt` decides, or else the id. */
function plantTies(draw: Draw, layout: Layout): void {
  const hash = createHash(draw.seed);
  const idOf = (property: PlannedProperty): string => uuid(hash, idTopic.property, property.number);
  const byInsertedAt = draw.quota('tiesByInsertedAt');
  const pairs = layout.groups.filter(
    (group) => group.block === 'pair' && group.members.every((member) => member.liveRows > 0),
  );
  draw.pick('ties', pairs, byInsertedAt + draw.quota('tiesById')).forEach((group, index) => {
    const [first, second] = group.members;
    if (first === undefined || second === undefined) return;
    second.updatedAt = first.updatedAt;
    second.insertedAt = first.insertedAt - (index < byInsertedAt ? day : 0);
    if (index >= byInsertedAt && idOf(second) < idOf(first)) group.members.reverse();
  });
}

/** docs/domain.md §10. */
function dateParkKennedy(layout: Layout): void {
  for (const property of layout.properties) {
    if (property.group.block !== 'parkKennedy') continue;
    const created = property.isActive ? '2025-11-10T09:00:00Z' : '2025-06-04T09:00:00Z';
    property.insertedAt = Date.parse(created) / 1000;
    property.updatedAt = property.insertedAt + hour;
  }
}
