import type { OrgComponent } from '../metadata/component.ts';
import { toWholeSeconds } from '../store/timestamps.ts';
import type { SetupRecord } from './setupObject.ts';

/** The id of a component and who made and changed it, as a record has them. */
export const stamps = (component: OrgComponent): SetupRecord => ({
  Id: component.id,
  CreatedDate: toWholeSeconds(component.createdMs),
  CreatedById: component.createdById,
  LastModifiedDate: toWholeSeconds(component.changedMs),
  LastModifiedById: component.changedById,
  SystemModstamp: toWholeSeconds(component.changedMs),
});
