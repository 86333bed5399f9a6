import { LightningElement, api } from 'lwc';
import CONTRIBUTES from '@salesforce/label/c.PropertySync_Contributes';
import FEATURES from '@salesforce/label/c.PropertySync_Features';
import FEATURE_NONE from '@salesforce/label/c.PropertySync_Feature_None';
import NO from '@salesforce/label/c.PropertySync_Value_No';
import NO_NAME from '@salesforce/label/c.PropertySync_NoName';
import NOTE from '@salesforce/label/c.PropertySync_Contributors_Note';
import PROPERTY from '@salesforce/label/c.PropertySync_Property';
import ROW from '@salesforce/label/c.PropertySync_Row';
import ROW_NONE from '@salesforce/label/c.PropertySync_Row_None';
import THIS_RECORD from '@salesforce/label/c.PropertySync_ThisRecord';
import YES from '@salesforce/label/c.PropertySync_Value_Yes';
import { featureTexts } from 'c/syncText';
import type { MemberStatus, Property } from 'types/propertySync';

/** Who is in the group, how each stands, and what each brings. */
export default class SyncContributors extends LightningElement {
  @api members: Property['members'] = [];
  @api states: readonly MemberStatus[] = [];
  /** RDS id of the record's own property; null on the page of a group. */
  @api ownId: string | null = null;

  labels = {
    contributes: CONTRIBUTES,
    features: FEATURES,
    featureNone: FEATURE_NONE,
    note: NOTE,
    property: PROPERTY,
    row: ROW,
    rowNone: ROW_NONE,
    thisRecord: THIS_RECORD,
  };

  get shownMembers() {
    return this.members.map((member) => {
      const features = featureTexts(member.features);
      return {
        id: member.rdsPropertyId,
        name: member.name ?? NO_NAME,
        detail: [member.companyName, member.status].filter((text) => text !== null).join(' · '),
        state: this.states.find(({ rdsPropertyId }) => rdsPropertyId === member.rdsPropertyId)?.state ?? null,
        isOwn: member.rdsPropertyId === this.ownId,
        contributes: member.isContributor ? YES : NO,
        features,
        hasFeatures: features.length > 0,
        rows: member.stagingIds.map((id) => ({ id, url: `/lightning/r/Product_Property__c/${id}/view` })),
        hasRows: member.stagingIds.length > 0,
      };
    });
  }
}
