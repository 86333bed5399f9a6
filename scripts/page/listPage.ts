import { html, type Html } from './html.ts';
import { quoted, textOf, type OrgAsUser, type OrgRecord } from './orgAsUser.ts';
import type { PageUserName } from './pageUsers.ts';
import { pageObjects } from './recordObject.ts';

const shownAtMost = 25;
/** The record to begin with (docs/domain.md §10). */
const firstName = 'Park Kennedy';

/** The list of an object's records, with a search by name; the states come when the list stands. */
export async function listPage(
  { object, search, as }: { object: keyof typeof pageObjects; search: string; as: PageUserName },
  org: OrgAsUser,
): Promise<Html> {
  const select = (where: string, limit: number): Promise<OrgRecord[]> =>
    org.query(
      `SELECT Id, Name, City__c, State_Code__c, Company_Name__c FROM ${object} WHERE ${where} ORDER BY Name LIMIT ${String(limit)}`,
    );
  const pattern = quoted(`%${search.replace(/[%_]/g, String.raw`\$&`)}%`);
  const first = search === '' ? await select(`Name LIKE ${quoted(`${firstName}%`)}`, 5) : [];
  const records = [
    ...first,
    ...(await select(
      search === '' ? `(NOT Name LIKE ${quoted(`${firstName}%`)})` : `Name LIKE ${pattern}`,
      shownAtMost,
    )),
  ].slice(0, shownAtMost);
  const { plural } = pageObjects[object];
  return html`<div class="slds-page-header">
      <div class="slds-grid slds-grid_vertical-align-center slds-grid_align-spread slds-wrap">
        <h1 class="slds-page-header__title">${plural}</h1>
        <form role="search" class="slds-grid search" action="/">
          <input type="hidden" name="object" value="${object}" /><input
            type="hidden"
            name="as"
            value="${as}"
          />
          <label class="slds-assistive-text" for="search">Search by name</label>
          <input
            class="slds-input"
            type="search"
            id="search"
            name="search"
            placeholder="Search by name"
            value="${search}"
          />
          <button class="slds-button slds-button_neutral" type="submit">Search</button>
        </form>
      </div>
    </div>
    <article class="slds-card list">
      <table class="slds-table slds-table_bordered">
        <caption class="slds-assistive-text">
          ${plural}
        </caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">City</th>
            <th scope="col">Company</th>
            <th scope="col">Sync state</th>
          </tr>
        </thead>
        <tbody>
          ${records.map((record) => row(record, as))}
        </tbody>
      </table>
      ${records.length === 0 && html`<p class="slds-p-around_medium">Nothing is called so.</p>`}
      ${records.length === shownAtMost && html`<p class="slds-p-around_medium quiet">The first ${shownAtMost} are shown: search for others.</p>`}
    </article>`;
}

function row(record: OrgRecord, as: PageUserName): Html {
  const text = (field: string): string => textOf(record, field);
  const place = [text('City__c'), text('State_Code__c')].filter((part) => part !== '').join(', ');
  return html`<tr>
    <th scope="row"><a href="/r/${record.Id}?as=${as}">${text('Name') || record.Id}</a></th>
    <td>${place}</td>
    <td>${text('Company_Name__c')}</td>
    <td data-state-of="${record.Id}"><span class="quiet">…</span></td>
  </tr>`;
}
