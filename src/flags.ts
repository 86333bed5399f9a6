import { Messages } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import type { Sync } from '../middleware/src/contracts/index.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'flags');

/** An alias or a username, not an open org: operating the sync must not depend on the org's answers. */
export const targetOrgFlag = Flags.string({
  char: 'o',
  summary: messages.getMessage('target-org.summary'),
  description: messages.getMessage('target-org.description'),
});

/** Minutes. */
export const waitFlag = (defaultMinutes: number) =>
  Flags.integer({
    char: 'w',
    min: 0,
    default: defaultMinutes,
    summary: messages.getMessage('wait.summary'),
    helpValue: '<minutes>',
  });

export const asyncFlag = Flags.boolean({
  summary: messages.getMessage('async.summary'),
  exclusive: ['wait'],
});

export const reasonFlag = Flags.string({
  char: 'r',
  required: true,
  summary: messages.getMessage('reason.summary'),
});

export const runFlag = Flags.string({ char: 'i', summary: messages.getMessage('run.summary') });

export const propertyIdFlag = Flags.string({
  char: 'i',
  required: true,
  summary: messages.getMessage('property-id.summary'),
});

export const syncChoices = ['create', 'update', 'both'] as const;
export type SyncChoice = (typeof syncChoices)[number];

export const syncFlag = Flags.option({
  char: 's',
  options: syncChoices,
  default: 'both' as const,
  summary: messages.getMessage('sync.summary'),
})();

const syncsOf: Readonly<Record<SyncChoice, readonly Sync[]>> = {
  create: ['A'],
  update: ['B'],
  both: ['A', 'B'],
};

/** Sync A creates, Sync B updates; both in this order. */
export function toSyncs(choice: SyncChoice): readonly Sync[] {
  return syncsOf[choice];
}
