import type { Connection } from '@salesforce/core';
import { packageNames } from './packageNames.ts';

/** What the org itself does when a staging row is written, by name; each its own answer, since each may be refused. */
export interface Automation {
  readonly flows: Promise<string[]>;
  /** Ours not among them. */
  readonly triggers: Promise<string[]>;
  readonly validationRules: Promise<string[]>;
  readonly duplicateRules: Promise<string[]>;
}

/** Our own trigger, which does nothing until its setting is switched on. */
const ownTrigger = 'PropertyRollup';

/**
 * Four API calls. Sources: Object Reference, "FlowDefinitionView" and "DuplicateRule"; Tooling API, "ApexTrigger" and
 * "ValidationRule".
 */
export function readAutomation(connection: Connection): Automation {
  const object = packageNames.stagingObject;
  const answers: Automation = {
    flows: names(
      connection.query<{ ApiName: string; Label: string | null }>(
        `SELECT ApiName, Label FROM FlowDefinitionView WHERE IsActive = true AND TriggerObjectOrEvent.QualifiedApiName = '${object}'`,
      ),
      ({ ApiName, Label }) => (Label === null ? ApiName : `${Label} (${ApiName})`),
    ),
    triggers: names(
      connection.tooling.query<{ Name: string }>(
        `SELECT Name FROM ApexTrigger WHERE TableEnumOrId = '${object}' AND Status = 'Active' AND Name != '${ownTrigger}'`,
      ),
      ({ Name }) => Name,
    ),
    validationRules: names(
      connection.tooling.query<{ ValidationName: string }>(
        `SELECT ValidationName FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = '${object}' AND Active = true`,
      ),
      ({ ValidationName }) => ValidationName,
    ),
    duplicateRules: names(
      connection.query<{ DeveloperName: string; MasterLabel: string }>(
        `SELECT DeveloperName, MasterLabel FROM DuplicateRule WHERE SobjectType = '${object}' AND IsActive = true`,
      ),
      ({ DeveloperName, MasterLabel }) => `${MasterLabel} (${DeveloperName})`,
    ),
  };
  // Whoever looks at one meets its failure; until then nobody does.
  for (const answer of Object.values(answers) as Promise<string[]>[]) answer.catch(() => undefined);
  return answers;
}

async function names<T>(
  query: PromiseLike<{ records: T[] }>,
  nameOf: (record: T) => string,
): Promise<string[]> {
  const { records } = await query;
  return records.map(nameOf);
}
