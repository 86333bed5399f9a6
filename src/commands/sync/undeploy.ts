import { Messages, SfError } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { exitCodes } from '../../exitCodes.ts';
import { waitFlag } from '../../flags.ts';
import { formatProblems } from '../../formatters/formatDeploy.ts';
import { formatUndeploy } from '../../formatters/formatUndeploy.ts';
import type { DeployProblem } from '../../org/deployProblem.ts';
import { planUndeploy, undeployFromOrg, type UndeployPlan } from '../../org/undeployFromOrg.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.undeploy');

const defaultWaitMinutes = 33;
/** Somebody reads two lists before the answer. */
const answerTimeoutMs = 300_000;

interface Named {
  readonly type: string;
  readonly fullName: string;
}

export interface SyncUndeployResult {
  readonly username: string;
  /** `Nothing`, `Canceled`, `Planned` with --dry-run, or as the Metadata API names it. */
  readonly status: string;
  readonly deployId: string | null;
  readonly removed: readonly Named[];
  readonly kept: readonly (Named & { readonly reason: string })[];
  /** Assignments of the permission sets that are removed. */
  readonly assignments: number;
  readonly problems: readonly DeployProblem[];
}

export default class SyncUndeploy extends SfCommand<SyncUndeployResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    'with-objects': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.with-objects.summary'),
    }),
    'dry-run': Flags.boolean({ default: false, summary: messages.getMessage('flags.dry-run.summary') }),
    'no-prompt': Flags.boolean({
      char: 'r',
      default: false,
      summary: messages.getMessage('flags.no-prompt.summary'),
    }),
    wait: waitFlag(defaultWaitMinutes),
  };

  async run(): Promise<SyncUndeployResult> {
    const { flags } = await this.parse(SyncUndeploy);
    const org = flags['target-org'];
    const username = org.getUsername() ?? org.getOrgId();
    const isAsked = !flags['dry-run'] && !flags['no-prompt'];
    if (isAsked && (this.jsonEnabled() || !process.stdin.isTTY)) {
      throw new SfError(messages.getMessage('error.nobodyToAsk'), 'CONFIRMATION_NEEDED', [
        messages.getMessage('error.nobodyToAsk.action'),
      ]);
    }
    const connection = org.getConnection(flags['api-version']);
    this.spinner.start(messages.getMessage('info.reading', [username]));
    const plan = await planUndeploy(connection, { withObjects: flags['with-objects'] });
    this.spinner.stop();
    const result = toResult(username, plan);
    this.log(`\n${formatUndeploy({ ...result, users: result.assignments })}\n`);
    if (result.removed.length === 0) {
      this.log(messages.getMessage('info.nothing'));
      return result;
    }
    if (flags['dry-run']) {
      this.log(messages.getMessage('info.planned'));
      return { ...result, status: 'Planned' };
    }
    if (isAsked && !(await this.ask(result.removed.length, username))) {
      this.log(messages.getMessage('info.canceled'));
      process.exitCode = exitCodes.failed;
      return { ...result, status: 'Canceled' };
    }
    const outcome = await undeployFromOrg(connection, plan, {
      waitMinutes: flags.wait,
      progress: {
        start: (stage) => this.spinner.start(stage),
        update: (status) => (this.spinner.status = status),
        stop: (end) => this.spinner.stop(end),
      },
    });
    return this.tell({ ...result, ...outcome });
  }

  private ask(count: number, username: string): Promise<boolean> {
    return this.confirm({
      message: messages.getMessage('prompt.confirm', [String(count), username]),
      ms: answerTimeoutMs,
    });
  }

  private tell(result: SyncUndeployResult): SyncUndeployResult {
    if (result.problems.length > 0) this.log(`\n${formatProblems(result.problems)}`);
    this.log('');
    if (result.status === 'Succeeded') {
      this.logSuccess(messages.getMessage('info.removed', [String(result.removed.length)]));
    } else if (result.status === 'Failed' || result.status === 'Canceled') {
      this.log(messages.getMessage('info.failed', [result.deployId ?? '']));
      process.exitCode = exitCodes.failed;
    } else {
      const id = result.deployId ?? '';
      this.log(messages.getMessage('info.running', [id, id, result.username]));
      process.exitCode = exitCodes.notFinished;
    }
    return result;
  }
}

function toResult(username: string, plan: UndeployPlan): SyncUndeployResult {
  return {
    username,
    status: 'Nothing',
    deployId: null,
    removed: [...plan.first, ...plan.last].map(({ type, fullName }) => ({ type, fullName })),
    kept: plan.kept.map(({ component: { type, fullName }, reason }) => ({ type, fullName, reason })),
    assignments: plan.assignments.length,
    problems: [],
  };
}
