import { LightningElement, api } from 'lwc';
import ACCEPTED from '@salesforce/label/c.PropertySync_Step_Accepted';
import CURRENT from '@salesforce/label/c.PropertySync_Step_Current';
import DONE from '@salesforce/label/c.PropertySync_Step_Done';
import FAILED from '@salesforce/label/c.PropertySync_Step_Failed';
import POLLING from '@salesforce/label/c.PropertySync_Resync_Polling';
import PROGRESS from '@salesforce/label/c.PropertySync_Progress';
import RESYNC_BY from '@salesforce/label/c.PropertySync_Resync_By';
import VERIFIED from '@salesforce/label/c.PropertySync_Step_Verified';
import WAITING from '@salesforce/label/c.PropertySync_Step_Waiting';
import WRITING from '@salesforce/label/c.PropertySync_Step_Writing';
import { fill } from 'c/syncText';
import type { Progress, StepState } from 'c/resyncProgress';

const looks: Readonly<Record<StepState, { readonly icon: string; readonly word: string }>> = {
  waiting: { icon: 'utility:routing_offline', word: WAITING },
  current: { icon: 'utility:sync', word: CURRENT },
  done: { icon: 'utility:success', word: DONE },
  failed: { icon: 'utility:error', word: FAILED },
};
const stepNames = [ACCEPTED, WRITING, VERIFIED] as const;

/** How far a resync is. Is there all the time, since a screen reader hears only changes of what was there before. */
export default class SyncProgress extends LightningElement {
  @api progress: Progress | null = null;
  /** Whether it is followed by asking, for want of events. */
  @api isPolling = false;

  labels = { polling: POLLING, progress: PROGRESS };

  get steps() {
    return (this.progress?.steps ?? []).map((state, index) => ({
      ...looks[state],
      name: stepNames[index] ?? '',
      className: `step step_${state}`,
      current: state === 'current' ? 'step' : null,
    }));
  }

  get text(): string {
    return this.progress?.text ?? '';
  }

  get by(): string | null {
    const actingUser = this.progress?.actingUser ?? null;
    return actingUser === null ? null : fill(RESYNC_BY, actingUser);
  }

  get isPollingShown(): boolean {
    return this.isPolling && this.progress !== null && !this.progress.isOver;
  }
}
