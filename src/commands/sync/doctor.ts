import { Messages, Org, SfError } from '@salesforce/core';
import { SfCommand } from '@salesforce/sf-plugins-core';
import type { Finding } from '../../../middleware/src/contracts/index.ts';
import { findUsername } from '../../api/connections.ts';
import { openSyncApi } from '../../api/openSyncApi.ts';
import { exitCodes } from '../../exitCodes.ts';
import { targetOrgFlag } from '../../flags.ts';
import { createProgress } from '../../formatters/createProgress.ts';
import { formatFindings } from '../../formatters/formatFindings.ts';
import { checkOrg } from '../../org/checkOrg.ts';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-property-sync', 'sync.doctor');

export interface SyncDoctorResult {
  readonly checkedAt: string;
  /** The worst of all findings. */
  readonly level: Finding['level'];
  readonly findings: readonly Finding[];
}

export default class SyncDoctor extends SfCommand<SyncDoctorResult> {
  static override readonly summary = messages.getMessage('summary');
  static override readonly description = messages.getMessage('description');
  static override readonly examples = messages.getMessages('examples');

  static override readonly flags = { 'target-org': targetOrgFlag };

  async run(): Promise<SyncDoctorResult> {
    const { flags } = await this.parse(SyncDoctor);
    const progress = createProgress(this, 'Doctor');
    progress.update('asking the middleware');
    const { url, findings: ofMiddleware } = await examineMiddleware(flags['target-org']);
    progress.update('asking the org');
    const findings = [...ofMiddleware, ...(await examineOrg(flags['target-org'], url))];
    progress.end('done');
    this.log(`\n${formatFindings(findings)}`);
    const level = worstLevel(findings);
    if (level === 'error') process.exitCode = exitCodes.failed;
    return { checkedAt: new Date().toISOString(), level, findings };
  }
}

interface Examination {
  /** Of the middleware, where it is known. */
  readonly url: string | null;
  readonly findings: readonly Finding[];
}

/** What the middleware sees; that it cannot be asked is a finding too, so that the rest is still looked at. */
async function examineMiddleware(targetOrg: string | undefined): Promise<Examination> {
  const check = 'middleware.connection';
  let url: string | null = null;
  try {
    const api = await openSyncApi(targetOrg);
    url = api.url;
    const { findings } = await api.examine();
    return { url, findings: [ok(check, messages.getMessage('info.answers', [url])), ...findings] };
  } catch (error) {
    return { url, findings: [toFinding(check, error)] };
  }
}

/** What the org shows to whoever is logged in; nothing where no org is named and none is the default. */
async function examineOrg(targetOrg: string | undefined, middlewareUrl: string | null): Promise<Finding[]> {
  const check = 'org.connection';
  try {
    const username = await findUsername(targetOrg);
    if (username === undefined && targetOrg === undefined) return [];
    const org = await Org.create({ aliasOrUsername: username ?? targetOrg ?? '' });
    const findings = await checkOrg(org.getConnection(), middlewareUrl === null ? {} : { middlewareUrl });
    return [ok(check, messages.getMessage('info.org', [org.getUsername() ?? org.getOrgId()])), ...findings];
  } catch (error) {
    return [toFinding(check, error)];
  }
}

const ok = (check: string, finding: string): Finding => ({
  check,
  level: 'ok',
  finding,
  action: null,
  details: [],
});

/** That something cannot be looked at is seen too; the other checks are shown all the same. */
function toFinding(check: string, error: unknown): Finding {
  const actions = error instanceof SfError ? error.actions : undefined;
  return {
    check,
    level: 'error',
    finding: error instanceof Error ? error.message : String(error),
    action: actions?.join('\n') ?? null,
    details: [],
  };
}

function worstLevel(findings: readonly Finding[]): Finding['level'] {
  const levels = findings.map(({ level }) => level);
  return (['error', 'warning'] as const).find((level) => levels.includes(level)) ?? 'ok';
}
