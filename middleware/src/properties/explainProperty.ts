import type { Explanation } from '../contracts/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import { diagnoseProperty } from './diagnoseProperty.ts';
import { explainFields } from './explainFields.ts';
import { readLiveGroup, type LiveGroupDeps } from './readLiveGroup.ts';
import { readPlannedGroup, type PlannedGroupDeps } from './readPlannedGroup.ts';
import { resolveProperty, type ResolveDeps } from './resolveProperty.ts';

export interface ExplainDeps extends PlannedGroupDeps, LiveGroupDeps, ResolveDeps {
  readonly crm: ResolveDeps['crm'] & LiveGroupDeps['crm'];
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  readonly clock: Clock;
  readonly settings: LiveGroupDeps['settings'];
}

/**
 * Why every member of the group that an id names shows what it shows: the source and Salesforce as they are now, the views
 * as the last plan saw them, the rule of each field and the six-step diagnosis. Throws REQUEST_INVALID, NOT_FOUND,
 * PLAN_MISSING.
 */
export async function explainProperty(id: string, deps: ExplainDeps): Promise<Explanation> {
  const resolved = await resolveProperty(id, deps);
  const now = deps.clock.now();
  const [live, planned, schedules] = await Promise.all([
    readLiveGroup(resolved, deps),
    readPlannedGroup(resolved, deps),
    deps.scheduleStore.readSchedules(),
  ]);
  const plannedById = new Map(planned.members.map((member) => [member.rdsPropertyId, member]));
  const contributors = live.members.map(({ property }) => property).filter(({ isEligible }) => isEligible);
  const [first] = live.members;
  return {
    groupKey: first?.groupKey ?? resolved.groupKey,
    sfdcId: first?.property.sfdcId18 ?? null,
    rdsPropertyId: resolved.rdsPropertyId,
    dataAsOf: planned.dataAsOf,
    readAt: now.toISOString(),
    members: live.members.map((evaluation) => {
      const { rdsPropertyId, property } = evaluation;
      const ownRows = live.rowsOf(rdsPropertyId);
      const plannedMember = plannedById.get(rdsPropertyId);
      return {
        rdsPropertyId,
        name: property.name,
        isContributor: property.isEligible,
        classification: evaluation.class,
        reasonCode: evaluation.reasonCode,
        warnings: [...evaluation.warnings],
        stagingIds: [...evaluation.stagingIds],
        fields: explainFields(
          {
            evaluation,
            ownRows,
            contributors,
            source: live.sourceColumnsOf(rdsPropertyId),
            view: plannedMember?.expected ?? {},
          },
          deps.settings.fieldMap,
        ),
        diagnosis: diagnoseProperty({
          evaluation,
          ownRows,
          siblingRows: live.records.filter((record) => !ownRows.includes(record)),
          featureRowCount: live.featureRowCountOf(rdsPropertyId),
          enabledEvents: live.enabledEventsOf(rdsPropertyId),
          planned: plannedMember,
          plannedAt: planned.dataAsOf.businessTime,
          schedules,
          now,
        }),
      };
    }),
  };
}
