import { LightningElement, api } from 'lwc';
import CONTRIBUTOR from '@salesforce/label/c.PropertySync_Contributor';
import CONTRIBUTOR_NONE from '@salesforce/label/c.PropertySync_Contributor_None';
import DIFFERS from '@salesforce/label/c.PropertySync_Differs';
import ERROR_EXPLANATION from '@salesforce/label/c.PropertySync_Error_Explanation';
import EXPLAIN from '@salesforce/label/c.PropertySync_Explain';
import FIELD from '@salesforce/label/c.PropertySync_Field';
import LOADING from '@salesforce/label/c.PropertySync_Loading';
import PRODUCT from '@salesforce/label/c.PropertySync_Product';
import RULE from '@salesforce/label/c.PropertySync_Rule';
import SALESFORCE from '@salesforce/label/c.PropertySync_Salesforce';
import { fieldLabel, valueText } from 'c/syncText';
import type { FieldRow } from 'c/fieldRows';
import type { ControllerProblem } from 'types/propertySync';

/**
 * Fields with what the product says and what Salesforce shows; each can be explained by its rule and the property it comes
 * from. Fires `explain` when that is asked for and not yet known.
 */
export default class SyncFieldTable extends LightningElement {
  @api caption = '';
  @api rows: readonly FieldRow[] = [];
  /** Of reading the explanation. */
  @api problem: ControllerProblem | null = null;
  /** Whether the explanation has been read: what is without a rule then has none to wait for. */
  @api isExplained = false;

  openFields: readonly string[] = [];
  labels = {
    contributor: CONTRIBUTOR,
    differs: DIFFERS,
    errorExplanation: ERROR_EXPLANATION,
    explain: EXPLAIN,
    field: FIELD,
    loading: LOADING,
    product: PRODUCT,
    rule: RULE,
    salesforce: SALESFORCE,
  };

  private get isRead(): boolean {
    return this.isExplained || this.problem !== null;
  }

  get shownRows() {
    return this.rows.map(({ field, product, salesforce, doesDiffer, rule, contributor }) => {
      const isOpen = this.openFields.includes(field);
      return {
        field,
        rule,
        doesDiffer,
        isOpen,
        label: fieldLabel(field),
        product: valueText(product),
        salesforce: valueText(salesforce),
        contributor: contributor ?? CONTRIBUTOR_NONE,
        explanationKey: `${field}-explanation`,
        ariaExpanded: String(isOpen),
        icon: isOpen ? 'utility:chevrondown' : 'utility:chevronright',
        isFailed: rule === null && this.isRead,
        isLoading: rule === null && !this.isRead,
      };
    });
  }

  handleToggle(event: Event): void {
    const field = (event.currentTarget as HTMLElement).dataset.field ?? '';
    const isOpen = this.openFields.includes(field);
    this.openFields = isOpen
      ? this.openFields.filter((openField) => openField !== field)
      : [...this.openFields, field];
    const isKnown = this.rows.find((row) => row.field === field)?.rule != null;
    if (!isOpen && !isKnown) this.askForExplanation();
  }

  askForExplanation(): void {
    this.dispatchEvent(new CustomEvent('explain'));
  }
}
