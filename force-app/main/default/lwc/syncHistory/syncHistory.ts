import { LightningElement, api } from 'lwc';
import BY from '@salesforce/label/c.PropertySync_History_By';
import CHANGE from '@salesforce/label/c.PropertySync_Change';
import CREATED from '@salesforce/label/c.PropertySync_Operation_Create';
import ITEM_ACCEPTED from '@salesforce/label/c.PropertySync_Item_Accepted';
import ITEM_FAILED from '@salesforce/label/c.PropertySync_Item_Failed';
import ITEM_PLANNED from '@salesforce/label/c.PropertySync_Item_Planned';
import ITEM_QUARANTINED from '@salesforce/label/c.PropertySync_Item_Quarantined';
import ITEM_SENT from '@salesforce/label/c.PropertySync_Item_Sent';
import ITEM_SKIPPED from '@salesforce/label/c.PropertySync_Item_Skipped';
import ITEM_UNKNOWN from '@salesforce/label/c.PropertySync_Item_Unknown';
import ITEM_VERIFIED from '@salesforce/label/c.PropertySync_Item_Verified';
import KIND_RESYNC from '@salesforce/label/c.PropertySync_Kind_Resync';
import MORE from '@salesforce/label/c.PropertySync_History_More';
import NONE from '@salesforce/label/c.PropertySync_History_None';
import UPDATED from '@salesforce/label/c.PropertySync_Operation_Update';
import { fieldLabel, fill, valueText } from 'c/syncText';
import type { HistoryEntry, RunItemState } from 'types/propertySync';

const itemLooks: Readonly<Record<RunItemState, { readonly word: string; readonly icon: string }>> = {
  planned: { word: ITEM_PLANNED, icon: 'utility:clock' },
  sent: { word: ITEM_SENT, icon: 'utility:clock' },
  accepted: { word: ITEM_ACCEPTED, icon: 'utility:clock' },
  unknown: { word: ITEM_UNKNOWN, icon: 'utility:question' },
  verified: { word: ITEM_VERIFIED, icon: 'utility:success' },
  failed: { word: ITEM_FAILED, icon: 'utility:error' },
  quarantined: { word: ITEM_QUARANTINED, icon: 'utility:ban' },
  skipped: { word: ITEM_SKIPPED, icon: 'utility:skip' },
};

/** What was written, when, by whom, and how it ended; newest first. Fires `more`. */
export default class SyncHistory extends LightningElement {
  @api entries: readonly HistoryEntry[] = [];
  /** RDS ids with names. */
  @api names: readonly { readonly rdsPropertyId: string; readonly name: string | null }[] = [];
  @api hasMore = false;
  @api isLoading = false;
  @api now = 0;

  labels = { more: MORE, none: NONE };

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  get shownEntries() {
    return this.entries.map((entry) => {
      const { runId, rdsPropertyId, operation, kind, state, changes, actingUser, actor, error } = entry;
      const done = operation === 'create' ? CREATED : UPDATED;
      return {
        key: `${runId}-${rdsPropertyId}`,
        ...itemLooks[state],
        name: this.names.find((named) => named.rdsPropertyId === rdsPropertyId)?.name ?? rdsPropertyId,
        done: kind === 'resync' ? `${done} ${KIND_RESYNC}` : done,
        who: fill(BY, actingUser ?? actor),
        at: entry.endedAt ?? entry.sentAt,
        error: error?.message ?? null,
        changes: changes.map(({ field, from, to }) =>
          fill(CHANGE, fieldLabel(field), valueText(from), valueText(to)),
        ),
      };
    });
  }

  handleMore(): void {
    this.dispatchEvent(new CustomEvent('more'));
  }
}
