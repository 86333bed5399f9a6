import { features, salesforceStems, type FeatureState, type Property } from '../contracts/index.ts';
import type { PlannedMember } from '../ports/groupStore.ts';
import { notPlannedYet, readPlannedGroup, type PlannedGroupDeps } from './readPlannedGroup.ts';
import { resolveProperty, type ResolveDeps } from './resolveProperty.ts';

/**
 * The aggregate of the group that an id names, with everybody in it, as the last plan saw it. Throws REQUEST_INVALID,
 * NOT_FOUND, PLAN_MISSING.
 */
export async function readProperty(id: string, deps: ResolveDeps & PlannedGroupDeps): Promise<Property> {
  const resolved = await resolveProperty(id, deps);
  const { groupKey, sfdcId, rdsPropertyId } = resolved;
  const { members, dataAsOf } = await readPlannedGroup(resolved, deps);
  if (members.length === 0) throw notPlannedYet(groupKey);
  const contributors = members.filter(({ isContributor }) => isContributor);
  const [primary] = contributors;
  const groupFeatures = features.map((feature) => featureOf(primary, feature));
  return {
    groupKey,
    sfdcId,
    rdsPropertyId,
    primaryRdsPropertyId: primary?.rdsPropertyId ?? null,
    name: textOf(primary, 'Name'),
    companyName: textOf(primary, 'Company_Name__c'),
    street: textOf(primary, 'Street__c'),
    city: textOf(primary, 'City__c'),
    state: textOf(primary, 'State_Code__c'),
    postalCode: textOf(primary, 'Postal_Code__c'),
    features: groupFeatures,
    activePropertyCount: contributors.length,
    totalFeatureCount: groupFeatures.filter(({ isEnabled }) => isEnabled).length,
    isMultiProperty: contributors.length > 1,
    hasPaidFeatures: primary?.hasPaidFeatures ?? false,
    members: members.map((member) => ({
      rdsPropertyId: member.rdsPropertyId,
      name: textOf(member, 'Name'),
      shortId: textOf(member, 'Short_ID__c'),
      companyId: textOf(member, 'Company_ID__c'),
      companyName: textOf(member, 'Company_Name__c'),
      status: textOf(member, 'Status__c'),
      isContributor: member.isContributor,
      classification: member.classification,
      reasonCode: member.reasonCode,
      warnings: [...member.warnings],
      stagingIds: [...member.stagingIds],
      features: [...member.ownFeatures],
    })),
    dataAsOf,
  };
}

/** What the rows of the group show; all off in a group without contributors. */
function featureOf(primary: PlannedMember | undefined, feature: (typeof features)[number]): FeatureState {
  const stem = salesforceStems[feature];
  return {
    feature,
    isEnabled: primary?.expected[`${stem}_Enabled__c`] === true,
    startDate: textOf(primary, `${stem}_Start_Date__c`),
  };
}

function textOf(member: PlannedMember | undefined, field: string): string | null {
  const value = member?.expected[field];
  return typeof value === 'string' ? value : null;
}
