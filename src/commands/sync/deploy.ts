import { text } from 'node:stream/consumers';
import { Messages, type Org } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { checkAddress, checkKey } from '../../api/checkAddress.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import type { SyncApi } from '../../api/syncApi.ts';
import { exitCodes, type ExitCode } from '../../exitCodes.ts';
import { asyncFlag, waitFlag } from '../../flags.ts';
import { formatDeploy, formatLeftToDo } from '../../formatters/formatDeploy.ts';
import { deployToOrg, type DeployReport } from '../../org/deployToOrg.ts';
import { packageNames } from '../../org/packageNames.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.deploy');

const testLevels = ['NoTestRun', 'RunSpecifiedTests', 'RunLocalTests', 'RunAllTestsInOrg'] as const;
/** As `sf project deploy start` waits. */
const defaultWaitMinutes = 33;

export interface SyncDeployResult extends DeployReport {
  readonly username: string;
  readonly orgId: string;
}

export default class SyncDeploy extends SfCommand<SyncDeployResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    'dry-run': Flags.boolean({ default: false, summary: messages.getMessage('flags.dry-run.summary') }),
    'with-objects': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.with-objects.summary'),
    }),
    'with-views': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.with-views.summary'),
      description: messages.getMessage('flags.with-views.description'),
    }),
    'assign-permission-sets': Flags.boolean({
      default: false,
      summary: messages.getMessage('flags.assign-permission-sets.summary'),
    }),
    'middleware-url': Flags.string({ summary: messages.getMessage('flags.middleware-url.summary') }),
    'key-stdin': Flags.boolean({ default: false, summary: messages.getMessage('flags.key-stdin.summary') }),
    'test-level': Flags.option({
      char: 'l',
      options: testLevels,
      default: 'RunSpecifiedTests' as const,
      summary: messages.getMessage('flags.test-level.summary'),
      description: messages.getMessage('flags.test-level.description'),
    })(),
    wait: waitFlag(defaultWaitMinutes),
    async: asyncFlag,
  };

  async run(): Promise<SyncDeployResult> {
    const { flags, metadata } = await this.parse(SyncDeploy);
    const org = flags['target-org'];
    const isDryRun = flags['dry-run'];
    const middlewareUrl =
      flags['middleware-url'] === undefined ? null : checkAddress(flags['middleware-url']);
    const isOrgNamed = metadata.flags['target-org']?.setFromDefault !== true;
    const middleware = flags['with-views']
      ? await openMiddleware(isOrgNamed ? nameOf(org) : undefined)
      : null;
    const secret = isDryRun ? null : await this.readSecret(middlewareUrl, flags['key-stdin']);
    this.log(messages.getMessage(isDryRun ? 'info.validating' : 'info.deploying', [nameOf(org)]));
    const report = await deployToOrg(
      org.getConnection(flags['api-version']),
      {
        isDryRun,
        middlewareUrl,
        secret,
        withObjects: flags['with-objects'],
        applyViews: middleware && (() => middleware.applyViews()),
        permissionSets: flags['assign-permission-sets'] ? permissionSetsFor(flags['with-objects']) : [],
        testLevel: flags['test-level'],
        waitMinutes: flags.async ? 0 : flags.wait,
      },
      {
        start: (stage) => this.spinner.start(stage),
        update: (status) => (this.spinner.status = status),
        stop: (end) => this.spinner.stop(end),
      },
    );
    this.display(report, nameOf(org));
    process.exitCode = flags.async && isRunning(report) ? exitCodes.succeeded : exitCodeOf(report);
    return { username: nameOf(org), orgId: org.getOrgId(), ...report };
  }

  /** The key that Salesforce shows the middleware: from stdin, the environment or a hidden prompt; null leaves the old one. */
  private async readSecret(middlewareUrl: string | null, isOnStdin: boolean): Promise<string | null> {
    if (isOnStdin) return checkKey(await text(process.stdin));
    if (middlewareUrl === null) return null;
    const fromEnvironment = process.env['PROPERTY_SYNC_SALESFORCE_KEY'];
    if (fromEnvironment !== undefined && fromEnvironment.trim() !== '') return checkKey(fromEnvironment);
    if (!process.stdin.isTTY || this.jsonEnabled()) return null;
    const typed = await this.secretPrompt({ message: messages.getMessage('prompt.key', [middlewareUrl]) });
    return typed.trim() === '' ? null : checkKey(typed);
  }

  private display(report: DeployReport, org: string): void {
    const shown = formatDeploy(report);
    if (shown !== '') this.log(`\n${shown}`);
    const leftToDo = formatLeftToDo(report.findings);
    if (leftToDo !== '') this.log(`\n${leftToDo}`);
    this.log('');
    if (isRunning(report)) {
      this.log(messages.getMessage('info.running', [report.deployId ?? '', report.deployId ?? '', org]));
    } else if (report.status === 'Refused') {
      this.log(messages.getMessage('info.refused'));
    } else if (report.status !== 'Succeeded') {
      this.log(
        messages.getMessage(report.isDryRun ? 'info.invalid' : 'info.failed', [report.deployId ?? '']),
      );
    } else if (report.isDryRun) {
      this.logSuccess(messages.getMessage('info.valid'));
    } else if (report.problems.length > 0) {
      this.log(messages.getMessage('info.partial'));
    } else if (report.components.some(({ state }) => state === 'Created' || state === 'Changed')) {
      this.logSuccess(messages.getMessage('info.succeeded'));
    } else {
      this.logSuccess(messages.getMessage('info.unchanged'));
    }
  }
}

const nameOf = (org: Org): string => org.getUsername() ?? org.getOrgId();

/** The middleware that this computer is connected to. Whatever is wrong with it is said before anything is sent. */
async function openMiddleware(targetOrg: string | undefined): Promise<SyncApi> {
  const middleware = await openSyncApi(targetOrg);
  await middleware.listSchedules();
  return middleware;
}

/** Never the integration set: it is for the integration user alone. */
const permissionSetsFor = (isWithObjects: boolean): string[] => {
  const { viewer, operator, app } = packageNames.permissionSets;
  return [viewer, operator, ...(isWithObjects ? [app] : [])];
};

const isRunning = ({ status }: DeployReport): boolean =>
  ['Pending', 'Queued', 'InProgress', 'Finalizing', 'Canceling'].includes(status);

function exitCodeOf(report: DeployReport): ExitCode {
  if (isRunning(report)) return exitCodes.notFinished;
  if (report.status !== 'Succeeded') return exitCodes.failed;
  const isDamaged = report.problems.length > 0 || report.findings.some(({ level }) => level === 'error');
  return isDamaged ? exitCodes.partiallySucceeded : exitCodes.succeeded;
}
