import { LightningElement, api } from 'lwc';
import getHistory from '@salesforce/apex/PropertySyncController.getHistory';
import getProperty from '@salesforce/apex/PropertySyncController.getProperty';
import ERROR_CONTRIBUTORS from '@salesforce/label/c.PropertySync_Error_Contributors';
import ERROR_EXPLANATION from '@salesforce/label/c.PropertySync_Error_Explanation';
import ERROR_HISTORY from '@salesforce/label/c.PropertySync_Error_History';
import LOADING from '@salesforce/label/c.PropertySync_Loading';
import SECTION_CONTRIBUTORS from '@salesforce/label/c.PropertySync_Section_Contributors';
import SECTION_EXPLANATION from '@salesforce/label/c.PropertySync_Section_Explanation';
import SECTION_HISTORY from '@salesforce/label/c.PropertySync_Section_History';
import { withDeadline } from 'c/deadline';
import { problemOf } from 'c/ldsUtils';
import type {
  ControllerProblem,
  Explanation,
  HistoryPage,
  Property,
  PropertyStatus,
} from 'types/propertySync';

const timeoutMs = 20_000;

/**
 * What stands behind the answer, each part read when its section is opened for the first time. The explanation belongs to
 * the container, which explains single values with it: `explain` asks for it.
 */
export default class SyncDetails extends LightningElement {
  @api status: PropertyStatus | null = null;
  @api explanation: Explanation | null = null;
  @api explanationProblem: ControllerProblem | null = null;
  @api now = 0;

  openSections: readonly string[] = [];
  property: Property | null = null;
  propertyProblem: ControllerProblem | null = null;
  history: HistoryPage | null = null;
  historyProblem: ControllerProblem | null = null;
  isHistoryLoading = false;
  labels = {
    contributors: SECTION_CONTRIBUTORS,
    errorContributors: ERROR_CONTRIBUTORS,
    errorExplanation: ERROR_EXPLANATION,
    errorHistory: ERROR_HISTORY,
    explanation: SECTION_EXPLANATION,
    history: SECTION_HISTORY,
    loading: LOADING,
  };

  private ownRecordId = '';
  /** Answers to what was asked before it last changed count for nothing. */
  private generation = 0;

  @api
  get recordId(): string {
    return this.ownRecordId;
  }
  set recordId(recordId: string) {
    const isOther = recordId !== this.ownRecordId;
    this.ownRecordId = recordId;
    if (isOther) this.refresh();
  }

  /** Forgets what was read; what is open is read again. */
  @api
  refresh(): void {
    this.generation += 1;
    this.property = null;
    this.propertyProblem = null;
    this.history = null;
    this.historyProblem = null;
    this.isHistoryLoading = false;
    if (this.isConnected) this.readOpen();
  }

  get members() {
    return this.status?.members ?? [];
  }

  get ownId(): string | null {
    return this.status?.rdsPropertyId ?? null;
  }

  get isContributorsOpen(): boolean {
    return this.openSections.includes('contributors');
  }

  get isExplanationOpen(): boolean {
    return this.openSections.includes('explanation');
  }

  get isHistoryOpen(): boolean {
    return this.openSections.includes('history');
  }

  get hasMoreHistory(): boolean {
    return this.history?.nextCursor != null;
  }

  handleSections({ detail }: CustomEvent<{ openSections: string | string[] }>): void {
    this.openSections = [detail.openSections].flat();
    this.readOpen();
  }

  private readOpen(): void {
    if (this.isContributorsOpen && this.property === null) void this.readProperty();
    if (this.isExplanationOpen && this.explanation === null) this.askForExplanation();
    if (this.isHistoryOpen && this.history === null) void this.readHistory();
  }

  askForExplanation(): void {
    this.dispatchEvent(new CustomEvent('explain'));
  }

  async readProperty(): Promise<void> {
    const { generation, recordId } = this;
    this.propertyProblem = null;
    try {
      const property = await withDeadline(getProperty({ recordId }), timeoutMs);
      if (generation === this.generation) this.property = property;
    } catch (error) {
      if (generation === this.generation) this.propertyProblem = problemOf(error);
    }
  }

  /** The next page, or the first. */
  async readHistory(): Promise<void> {
    if (this.isHistoryLoading) return;
    const { generation, recordId } = this;
    const cursor = this.history?.nextCursor ?? null;
    this.isHistoryLoading = true;
    this.historyProblem = null;
    try {
      const page = await withDeadline(getHistory({ recordId, cursor }), timeoutMs);
      if (generation !== this.generation) return;
      this.history = { ...page, items: [...(this.history?.items ?? []), ...page.items] };
    } catch (error) {
      if (generation === this.generation) this.historyProblem = problemOf(error);
    }
    if (generation === this.generation) this.isHistoryLoading = false;
  }
}
