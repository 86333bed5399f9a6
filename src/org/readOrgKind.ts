import type { Connection } from '@salesforce/core';

/** What sort of org this is, as far as a deploy cares. */
export interface OrgKind {
  readonly name: string;
  /** Salesforce demands tests of Apex only here. */
  readonly isProduction: boolean;
}

/** Scratch orgs, trials and Developer Edition count as no production. One API call. */
export async function readOrgKind(connection: Connection): Promise<OrgKind> {
  const organization = await connection.singleRecordQuery<{
    Name: string;
    IsSandbox: boolean;
    TrialExpirationDate: string | null;
    OrganizationType: string | null;
  }>('SELECT Name, IsSandbox, TrialExpirationDate, OrganizationType FROM Organization');
  return {
    name: organization.Name,
    isProduction:
      !organization.IsSandbox &&
      organization.TrialExpirationDate === null &&
      organization.OrganizationType !== 'Developer Edition',
  };
}
