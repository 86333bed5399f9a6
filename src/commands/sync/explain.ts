import { Messages } from '@salesforce/core';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { Explanation } from '../../../middleware/src/contracts/index.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { propertyIdFlag, targetOrgFlag } from '../../flags.ts';
import { createProgress } from '../../formatters/createProgress.ts';
import { formatExplanation } from '../../formatters/formatExplanation.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.explain');

export interface SyncExplainResult {
  readonly explanation: Explanation;
}

export default class SyncExplain extends SfCommand<SyncExplainResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = { 'target-org': targetOrgFlag, 'property-id': propertyIdFlag };

  async run(): Promise<SyncExplainResult> {
    const { flags } = await this.parse(SyncExplain);
    const api = await openSyncApi(flags['target-org']);
    const progress = createProgress(this, 'Explain');
    progress.update('reading source and Salesforce');
    const explanation = await api.explainProperty(flags['property-id']);
    progress.end('done');
    this.log(`\n${formatExplanation(explanation)}`);
    return { explanation };
  }
}
