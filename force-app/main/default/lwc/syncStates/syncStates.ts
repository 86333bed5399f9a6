import MEANS_CONFLICT from '@salesforce/label/c.PropertySync_Means_Conflict';
import MEANS_DRIFTED from '@salesforce/label/c.PropertySync_Means_Drifted';
import MEANS_EXCLUDED from '@salesforce/label/c.PropertySync_Means_Excluded';
import MEANS_FAILED from '@salesforce/label/c.PropertySync_Means_Failed';
import MEANS_LOADING from '@salesforce/label/c.PropertySync_Means_Loading';
import MEANS_NEVER_SYNCED from '@salesforce/label/c.PropertySync_Means_NeverSynced';
import MEANS_NO_PERMISSION from '@salesforce/label/c.PropertySync_Means_NoPermission';
import MEANS_NOT_A_PROPERTY from '@salesforce/label/c.PropertySync_Means_NotAProperty';
import MEANS_NOT_PLANNED from '@salesforce/label/c.PropertySync_Means_NotPlanned';
import MEANS_PAUSED from '@salesforce/label/c.PropertySync_Means_Paused';
import MEANS_PENDING from '@salesforce/label/c.PropertySync_Means_Pending';
import MEANS_QUARANTINED from '@salesforce/label/c.PropertySync_Means_Quarantined';
import MEANS_SYNCING from '@salesforce/label/c.PropertySync_Means_Syncing';
import MEANS_UNAVAILABLE from '@salesforce/label/c.PropertySync_Means_Unavailable';
import MEANS_VERIFIED from '@salesforce/label/c.PropertySync_Means_Verified';
import STATE_CONFLICT from '@salesforce/label/c.PropertySync_State_Conflict';
import STATE_DRIFTED from '@salesforce/label/c.PropertySync_State_Drifted';
import STATE_EXCLUDED from '@salesforce/label/c.PropertySync_State_Excluded';
import STATE_FAILED from '@salesforce/label/c.PropertySync_State_Failed';
import STATE_LOADING from '@salesforce/label/c.PropertySync_State_Loading';
import STATE_NEVER_SYNCED from '@salesforce/label/c.PropertySync_State_NeverSynced';
import STATE_NO_PERMISSION from '@salesforce/label/c.PropertySync_State_NoPermission';
import STATE_NOT_A_PROPERTY from '@salesforce/label/c.PropertySync_State_NotAProperty';
import STATE_NOT_PLANNED from '@salesforce/label/c.PropertySync_State_NotPlanned';
import STATE_PAUSED from '@salesforce/label/c.PropertySync_State_Paused';
import STATE_PENDING from '@salesforce/label/c.PropertySync_State_Pending';
import STATE_QUARANTINED from '@salesforce/label/c.PropertySync_State_Quarantined';
import STATE_SYNCING from '@salesforce/label/c.PropertySync_State_Syncing';
import STATE_UNAVAILABLE from '@salesforce/label/c.PropertySync_State_Unavailable';
import STATE_VERIFIED from '@salesforce/label/c.PropertySync_State_Verified';
import TODO_CONFLICT from '@salesforce/label/c.PropertySync_Todo_Conflict';
import TODO_DRIFTED from '@salesforce/label/c.PropertySync_Todo_Drifted';
import TODO_EXCLUDED from '@salesforce/label/c.PropertySync_Todo_Excluded';
import TODO_LOADING from '@salesforce/label/c.PropertySync_Todo_Loading';
import TODO_NEVER_SYNCED from '@salesforce/label/c.PropertySync_Todo_NeverSynced';
import TODO_NO_PERMISSION from '@salesforce/label/c.PropertySync_Todo_NoPermission';
import TODO_NOT_A_PROPERTY from '@salesforce/label/c.PropertySync_Todo_NotAProperty';
import TODO_NOT_PLANNED from '@salesforce/label/c.PropertySync_Todo_NotPlanned';
import TODO_PAUSED from '@salesforce/label/c.PropertySync_Todo_Paused';
import TODO_PENDING from '@salesforce/label/c.PropertySync_Todo_Pending';
import TODO_RETRIED from '@salesforce/label/c.PropertySync_Todo_Retried';
import TODO_SET_ASIDE from '@salesforce/label/c.PropertySync_Todo_SetAside';
import TODO_SYNCING from '@salesforce/label/c.PropertySync_Todo_Syncing';
import TODO_UNAVAILABLE from '@salesforce/label/c.PropertySync_Todo_Unavailable';
import TODO_VERIFIED from '@salesforce/label/c.PropertySync_Todo_Verified';
import type { SyncState } from 'types/propertySync';

/** What the component can show: the states of docs/domain.md §9, and what only a face can be in. */
export type Face = SyncState | 'loading' | 'unavailable' | 'noPermission' | 'notAProperty' | 'notPlanned';

export type Tone = 'success' | 'info' | 'warning' | 'error' | 'neutral';

/** How a state looks, in one word, one sentence, and what to do where nothing more is known. */
export interface FaceLook {
  readonly word: string;
  readonly means: string;
  readonly todo: string;
  readonly icon: string;
  readonly tone: Tone;
}

const look = (word: string, means: string, todo: string, icon: string, tone: Tone): FaceLook => ({
  word,
  means,
  todo,
  icon,
  tone,
});

/** The states of the contract stand first and in its order: the first that any member has is that of its group. */
export const faces: Readonly<Record<Face, FaceLook>> = {
  syncing: look(STATE_SYNCING, MEANS_SYNCING, TODO_SYNCING, 'utility:sync', 'info'),
  conflict: look(STATE_CONFLICT, MEANS_CONFLICT, TODO_CONFLICT, 'utility:merge', 'error'),
  quarantined: look(STATE_QUARANTINED, MEANS_QUARANTINED, TODO_SET_ASIDE, 'utility:ban', 'error'),
  failed: look(STATE_FAILED, MEANS_FAILED, TODO_RETRIED, 'utility:error', 'error'),
  drifted: look(STATE_DRIFTED, MEANS_DRIFTED, TODO_DRIFTED, 'utility:warning', 'warning'),
  pending: look(STATE_PENDING, MEANS_PENDING, TODO_PENDING, 'utility:clock', 'info'),
  neverSynced: look(STATE_NEVER_SYNCED, MEANS_NEVER_SYNCED, TODO_NEVER_SYNCED, 'utility:new', 'info'),
  paused: look(STATE_PAUSED, MEANS_PAUSED, TODO_PAUSED, 'utility:pause', 'warning'),
  verified: look(STATE_VERIFIED, MEANS_VERIFIED, TODO_VERIFIED, 'utility:success', 'success'),
  excluded: look(STATE_EXCLUDED, MEANS_EXCLUDED, TODO_EXCLUDED, 'utility:block_visitor', 'neutral'),
  loading: look(STATE_LOADING, MEANS_LOADING, TODO_LOADING, 'utility:spinner', 'neutral'),
  unavailable: look(STATE_UNAVAILABLE, MEANS_UNAVAILABLE, TODO_UNAVAILABLE, 'utility:offline', 'warning'),
  noPermission: look(STATE_NO_PERMISSION, MEANS_NO_PERMISSION, TODO_NO_PERMISSION, 'utility:lock', 'neutral'),
  notAProperty: look(
    STATE_NOT_A_PROPERTY,
    MEANS_NOT_A_PROPERTY,
    TODO_NOT_A_PROPERTY,
    'utility:info',
    'neutral',
  ),
  notPlanned: look(STATE_NOT_PLANNED, MEANS_NOT_PLANNED, TODO_NOT_PLANNED, 'utility:clock', 'neutral'),
};

/** Below zero where `left` weighs more than `right`. */
export function compareStates(left: SyncState, right: SyncState): number {
  const order = Object.keys(faces);
  return order.indexOf(left) - order.indexOf(right);
}
