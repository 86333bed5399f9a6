import { LightningElement, api } from 'lwc';
import FEATURE_NONE from '@salesforce/label/c.PropertySync_Feature_None';
import HELD_NEVER_WRITTEN from '@salesforce/label/c.PropertySync_Held_NeverWritten';
import HELD_NONE from '@salesforce/label/c.PropertySync_Held_None';
import HELD_TITLE from '@salesforce/label/c.PropertySync_Held_Title';
import HELD_WRITTEN from '@salesforce/label/c.PropertySync_Held_Written';
import NO_NAME from '@salesforce/label/c.PropertySync_NoName';
import { featureTexts } from 'c/syncText';
import type { HeldRow } from 'types/propertySync';

/** What the rows in Salesforce themselves hold, and how old that is: all there is to show while nobody else answers. */
export default class SyncHeldRows extends LightningElement {
  @api rows: readonly HeldRow[] = [];
  @api now = 0;

  labels = { neverWritten: HELD_NEVER_WRITTEN, none: HELD_NONE, title: HELD_TITLE, written: HELD_WRITTEN };

  get isEmpty(): boolean {
    return this.rows.length === 0;
  }

  get shownRows() {
    return this.rows.map(({ stagingId, name, statusText, lastSyncedAt, features }) => ({
      stagingId,
      lastSyncedAt,
      statusText,
      name: name ?? NO_NAME,
      features: featureTexts(features).join(', ') || FEATURE_NONE,
    }));
  }
}
