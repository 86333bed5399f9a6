import { html, type Html } from './html.ts';
import { textOf, type OrgRecord } from './orgAsUser.ts';

/** A record page: details on the left, the component on the right, and above both what only a demo has. */
export function recordPage(record: OrgRecord, label: string, details: Html): Html {
  return html`<div class="slds-page-header slds-page-header_record-home">
      <div class="slds-grid slds-grid_vertical-align-center slds-grid_align-spread slds-wrap">
        <h1>
          <span class="quiet">${label}</span>
          <span class="slds-page-header__title slds-truncate">${textOf(record, 'Name') || record.Id}</span>
        </h1>
        <div class="compare">
          <p class="quiet">Each sync begins with a comparison of the warehouse and Salesforce.</p>
          <button class="slds-button slds-button_neutral" id="compare" type="button">Compare now</button>
        </div>
      </div>
    </div>
    <div class="record">
      <div id="details">${details}</div>
      <div id="status"></div>
    </div>`;
}
