import { ok, type Handler } from '../http/answer.ts';
import { ORG_ID } from '../auth/users.ts';

const OLDEST = 46;
const NEWEST = 66;

const SEASONS = ['Spring', 'Summer', 'Winter'];

/** The API versions of the org, oldest first; v46.0 is the first with upsert of collections. */
export function versions(): { label: string; url: string; version: string }[] {
  return Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => {
    const number = OLDEST + index;
    // v66.0 is Spring '26; a winter release carries the next year's number.
    const release = number - NEWEST;
    const season = SEASONS[((release % 3) + 3) % 3] ?? '';
    const year = 26 + Math.floor(release / 3) + (season === 'Winter' ? 1 : 0);
    return { label: `${season} '${year}`, url: `/services/data/v${number}.0`, version: `${number}.0` };
  });
}

/** Whether `v66.0` and the like is a version of this org. */
export function isKnownVersion(version: string): boolean {
  const number = Number(/^v(\d+)\.0$/.exec(version)?.[1] ?? 0);
  return number >= OLDEST && number <= NEWEST;
}

/** GET /: what the API offers (REST API Developer Guide, "Resources by Version"). */
export const listResources: Handler = ({ version, headers, user }) => {
  const base = `/services/data/${version}`;
  return ok({
    sobjects: `${base}/sobjects`,
    query: `${base}/query`,
    queryAll: `${base}/queryAll`,
    composite: `${base}/composite`,
    limits: `${base}/limits`,
    jobs: `${base}/jobs`,
    identity: `http://${headers['host'] ?? ''}/id/${ORG_ID}/${user.id}`,
  });
};
