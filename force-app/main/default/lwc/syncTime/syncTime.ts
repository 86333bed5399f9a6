import { LightningElement, api } from 'lwc';
import { absoluteTime, relativeTime } from 'c/syncText';

/** A moment as people say it, with the exact one on hover. */
export default class SyncTime extends LightningElement {
  /** ISO 8601. */
  @api value = '';
  /** Milliseconds since 1970. */
  @api now = 0;

  get relative(): string {
    return relativeTime(this.value, this.now);
  }

  get absolute(): string {
    return absoluteTime(this.value);
  }
}
