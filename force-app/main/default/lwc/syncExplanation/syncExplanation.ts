import { LightningElement, api } from 'lwc';
import CHOOSE_PROPERTY from '@salesforce/label/c.PropertySync_Explanation_ChooseProperty';
import FOUND from '@salesforce/label/c.PropertySync_Explanation_Found';
import NO_NAME from '@salesforce/label/c.PropertySync_NoName';
import NOTHING_FOUND from '@salesforce/label/c.PropertySync_Explanation_NothingFound';
import READ_AT from '@salesforce/label/c.PropertySync_Explanation_ReadAt';
import { explainedRows } from 'c/fieldRows';
import type { Explanation } from 'types/propertySync';

type Member = Explanation['members'][number];

/** Why every value of a property is what it is, and what was found to be wrong; one property of the group at a time. */
export default class SyncExplanation extends LightningElement {
  @api explanation: Explanation | null = null;
  @api now = 0;

  chosenId: string | null = null;
  labels = { chooseProperty: CHOOSE_PROPERTY, found: FOUND, nothingFound: NOTHING_FOUND, readAt: READ_AT };

  get readAt(): string {
    return this.explanation?.readAt ?? '';
  }

  get members(): readonly Member[] {
    return this.explanation?.members ?? [];
  }

  get member(): Member | undefined {
    const wanted = this.chosenId ?? this.explanation?.rdsPropertyId;
    return this.members.find(({ rdsPropertyId }) => rdsPropertyId === wanted) ?? this.members[0];
  }

  get memberId(): string {
    return this.member?.rdsPropertyId ?? '';
  }

  get name(): string {
    return this.member?.name ?? NO_NAME;
  }

  get hasChoice(): boolean {
    return this.members.length > 1;
  }

  get choices() {
    return this.members.map(({ rdsPropertyId, name }) => ({
      value: rdsPropertyId,
      label: `${name ?? NO_NAME} (${rdsPropertyId.slice(0, 8)})`,
    }));
  }

  get rows() {
    return explainedRows(this.member?.fields ?? [], this.members);
  }

  get findings() {
    return (this.member?.diagnosis ?? []).filter(({ doesHold }) => doesHold);
  }

  get isNothingFound(): boolean {
    return this.findings.length === 0;
  }

  handleChoice(event: CustomEvent<{ value: string }>): void {
    this.chosenId = event.detail.value;
  }
}
