import type { RunningOrg } from './startOrg.ts';

export type SampleValues = Readonly<Record<string, unknown>>;

/** A valid Sample__c. */
export const aSample = (values: SampleValues = {}) => ({
  attributes: { type: 'Sample__c' },
  Name: 'A sample',
  Region__c: 'North',
  ...values,
});

export interface SaveReply {
  readonly id?: string;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly { statusCode: string; message: string; fields: string[] }[];
}

/** Creates the records and answers their ids; fails when one is refused. */
export async function createSamples(org: RunningOrg, values: readonly SampleValues[]): Promise<string[]> {
  const ids: string[] = [];
  for (let first = 0; first < values.length; first += 200) {
    const records = values.slice(first, first + 200).map(aSample);
    const { body, text } = await org.api<SaveReply[]>('POST', '/composite/sobjects', { records });
    for (const result of body) {
      if (!result.success || result.id === undefined) throw new Error(text);
      ids.push(result.id);
    }
  }
  return ids;
}
