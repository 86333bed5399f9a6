import { features, type Feature, type FieldMapping } from '../contracts/index.ts';

const featureNames: Readonly<Record<Feature, string>> = {
  idv: 'ID verification',
  bank_linking: 'bank linking',
  payroll: 'payroll',
  income_insights: 'income insights',
  document_fraud: 'document fraud',
};

const keep = 'an empty one leaves Salesforce as it is';

/** Why a field should hold what it should, by column of the views (docs/domain.md §5, §8.1, §8.2). */
const rules: Readonly<Record<string, string>> = {
  property_name: `The property's own name, with its white space tidied and cut to 80 characters; ${keep}.`,
  short_id: `The property's own short id; ${keep}.`,
  company_id: `The id of the property's own company; ${keep}.`,
  company_name:
    "The name of the property's own company, from the table of companies; a company that is deleted or has no name leaves Salesforce as it is.",
  address: `The property's own address, with its white space tidied; ${keep}.`,
  city: `The property's own city, with its white space tidied; ${keep}.`,
  state:
    "The property's own state as a two-letter code; what is no US state counts as empty and leaves Salesforce as it is.",
  postal_code: `The property's own postal code as text, with leading zeros and ZIP+4 kept; ${keep}.`,
  property_status: "The property's own status, in capitals.",
  ...Object.fromEntries(
    features.flatMap((feature) => [
      [
        `${feature}_enabled`,
        `On if any contributor of the group has ${featureNames[feature]} on; off for a property that does not contribute.`,
      ],
      [
        `${feature}_start_date`,
        `The earliest day, in UTC, on which a contributor that has ${featureNames[feature]} on got it; empty while it is off${feature === 'idv' ? ', and mostly empty, since the source hardly records it' : ''}.`,
      ],
    ]),
  ),
  active_property_count: 'How many contributors the group has; 0 for a property that does not contribute.',
  is_multi_property: 'Whether the group has two or more contributors.',
  contributing_property_ids: "The ids of the group's contributors, ascending, joined by semicolons.",
  sfdc_id_18:
    "The property's own Salesforce id in its form of 18 characters; empty where it has no valid one.",
};

/** The rule of a field in one sentence, for people. */
export function fieldRule({ column }: Pick<FieldMapping, 'column'>): string {
  const rule = rules[column];
  if (rule === undefined) throw new Error(`The column ${column} has no rule.`);
  return rule;
}
