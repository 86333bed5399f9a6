import { LightningElement, api } from 'lwc';
import MEMBERS_DIFFER from '@salesforce/label/c.PropertySync_MembersDiffer';
import MORE from '@salesforce/label/c.PropertySync_Members_More';
import NO_NAME from '@salesforce/label/c.PropertySync_NoName';
import SECTION_CONTRIBUTORS from '@salesforce/label/c.PropertySync_Section_Contributors';
import THIS_RECORD from '@salesforce/label/c.PropertySync_ThisRecord';
import { compareStates } from 'c/syncStates';
import { fill } from 'c/syncText';
import type { MemberStatus } from 'types/propertySync';

const maxShown = 5;

/** The properties of a group that do not all stand alike: what needs attention first. */
export default class SyncMembers extends LightningElement {
  @api members: readonly MemberStatus[] = [];
  /** RDS id of the record's own property; null on the page of a group. */
  @api ownId: string | null = null;

  labels = { thisRecord: THIS_RECORD };

  get summary(): string {
    return fill(MEMBERS_DIFFER, this.members.length);
  }

  /** The record's own property is always among them. */
  get shownMembers() {
    const isOwn = ({ rdsPropertyId }: MemberStatus): boolean => rdsPropertyId === this.ownId;
    return [...this.members]
      .sort(
        (left, right) => Number(isOwn(right)) - Number(isOwn(left)) || compareStates(left.state, right.state),
      )
      .slice(0, maxShown)
      .map((member) => ({
        id: member.rdsPropertyId,
        name: member.name ?? NO_NAME,
        state: member.state,
        isOwn: isOwn(member),
      }));
  }

  get more(): string | null {
    const hidden = this.members.length - maxShown;
    return hidden > 0 ? fill(MORE, hidden, SECTION_CONTRIBUTORS) : null;
  }
}
