import { idTopic, uuid } from './ids.ts';
import { allFlags, features, type PlannedProperty } from './plan.ts';
import { featureCatalogue, syncedAt } from './rdsRows.ts';
import type { Scene } from './scene.ts';
import type { Cell, Row } from './tables.ts';
import { toTimestamp } from './timestamps.ts';

const topic = { updated: 80, unsynced: 90, older: 100, tall: 110 } as const;

const day = 86_400;

/** Features of the tall table in catalogue order are the first four flags; fraud exists only in the wide table. */
const tallFeatures = 4;

/** Most tall rows and most events that one property can have. */
const rowsPerProperty = 8;

/** One feature of one property as RDS holds it; times in seconds. */
interface FeatureState {
  readonly code: string;
  readonly state: 'enabled' | 'disabled' | 'testing';
  readonly insertedAt: number;
  readonly updatedAt: number;
  /** Null where RDS did not track the enablement. */
  readonly enabledAt: number | null;
}

/** Rows of the wide table `product_property_w_features`; surplus rows follow the right one. */
export function* wideRows(scene: Scene): Generator<Row> {
  for (const property of scene.plan.properties) {
    if (!property.hasWideRow) continue;
    const row = wideRow(scene, property);
    for (let copy = 0; copy <= property.identicalWideRows; copy += 1) yield row;
    if (property.hasOppositeWideRow) yield oppositeWideRow(scene, property);
  }
}

function wideKey(scene: Scene, property: PlannedProperty): Cell[] {
  const stagingId = property.liveRows > 0 ? scene.stagingId(property, 0) : null;
  return [scene.propertyId(property), scene.rawSfdcId(property), stagingId];
}

function wideRow(scene: Scene, property: PlannedProperty): Row {
  const row = wideKey(scene, property);
  features.forEach((_, feature) => {
    const isEnabled = (property.ownFlags & (1 << feature)) !== 0;
    const enabledAt = scene.enabledAt(property, feature);
    row.push(isEnabled, orNull(enabledAt), orNull(featureUpdatedAt(scene, property, feature)));
  });
  for (const unsynced of [0, 1]) {
    const random = scene.hash(topic.unsynced + unsynced, property.number);
    const at = property.insertedAt + (random % day);
    row.push(random % 20 === 0, random % 20 === 0 ? toTimestamp(at) : null, toTimestamp(at));
  }
  return row;
}

/** An older state of the same property: every flag is the other way round. */
function oppositeWideRow(scene: Scene, property: PlannedProperty): Row {
  const age = (30 + (scene.hash(topic.older, property.number) % 300)) * day;
  const updatedAt = newestUpdate(scene, property) - age;
  const row = wideKey(scene, property);
  features.forEach((name, feature) => {
    const isEnabled = (~property.ownFlags & allFlags & (1 << feature)) !== 0;
    const hasDate = isEnabled && name !== 'idv';
    row.push(isEnabled, hasDate ? toTimestamp(updatedAt - day) : null, toTimestamp(updatedAt));
  });
  row.push(false, null, null, false, null, null);
  return row;
}

/** A flag that was never switched may have no time; fraud always has one, so no row is without any. */
function featureUpdatedAt(scene: Scene, property: PlannedProperty, feature: number): number | null {
  const random = scene.hash(topic.updated + feature, property.number);
  const isEnabled = (property.ownFlags & (1 << feature)) !== 0;
  const enabledAt = scene.enabledAt(property, feature);
  if (!isEnabled && enabledAt === null && features[feature] !== 'documentFraud' && random % 2 === 0)
    return null;
  const from = enabledAt ?? property.insertedAt;
  return from + (random % Math.max(1, scene.plan.now - from - 1_800));
}

function newestUpdate(scene: Scene, property: PlannedProperty): number {
  return Math.max(...features.map((_, feature) => featureUpdatedAt(scene, property, feature) ?? 0));
}

function orNull(seconds: number | null): Cell {
  return seconds === null ? null : toTimestamp(seconds);
}

/** Rows of `property_features`. */
export function* propertyFeatureRows(scene: Scene): Generator<Row> {
  for (const property of scene.plan.properties) {
    const propertyId = scene.propertyId(property);
    const states = featureStates(scene, property);
    for (const [index, { code, state, insertedAt, updatedAt }] of states.entries()) {
      const number = property.number * rowsPerProperty + index;
      yield [
        uuid(scene.hash, idTopic.propertyFeature, number),
        code,
        propertyId,
        state,
        toTimestamp(insertedAt),
        toTimestamp(updatedAt),
        false,
        syncedAt(scene, number),
      ];
    }
  }
}

/** Rows of `property_feature_events`: the enablement where it was tracked, then what came after it. */
export function* propertyFeatureEventRows(scene: Scene): Generator<Row> {
  for (const property of scene.plan.properties) {
    const propertyId = scene.propertyId(property);
    let number = property.number * rowsPerProperty * 2;
    for (const { code, state, updatedAt, enabledAt } of featureStates(scene, property)) {
      const events: [string, number][] = enabledAt === null ? [] : [['enabled', enabledAt]];
      if (state !== 'enabled') events.push([state, updatedAt]);
      for (const [type, at] of events) {
        yield [
          uuid(scene.hash, idTopic.featureEvent, number),
          code,
          propertyId,
          type,
          toTimestamp(at),
          false,
          syncedAt(scene, number),
        ];
        number += 1;
      }
    }
  }
}

/** Live properties show here what they show in the wide table; soft-deleted ones have nowhere else to show it. */
function featureStates(scene: Scene, property: PlannedProperty): FeatureState[] {
  const states: FeatureState[] = [];
  for (let feature = 0; feature < tallFeatures; feature += 1) {
    const state = stateOf(scene, property, feature);
    const [code] = featureCatalogue[feature] ?? [];
    if (state === null || code === undefined) continue;
    const enabledAt = scene.enabledAt(property, feature);
    const insertedAt = enabledAt ?? property.insertedAt;
    const updatedAt = Math.max(insertedAt + 1, featureUpdatedAt(scene, property, feature) ?? 0);
    states.push({ code, state, insertedAt, updatedAt, enabledAt });
  }
  return states;
}

/** Every fourth feature that was never switched on has a row that says so. */
function stateOf(scene: Scene, property: PlannedProperty, feature: number): FeatureState['state'] | null {
  const bit = 1 << feature;
  if ((property.ownFlags & bit) !== 0) return 'enabled';
  if ((property.testingFlag & bit) !== 0) return 'testing';
  if ((property.staleFlag & bit) !== 0) return 'disabled';
  return scene.hash(topic.tall + feature, property.number) % 4 === 0 ? 'disabled' : null;
}
