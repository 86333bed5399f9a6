import { productionObject, stagingObject } from '../../middleware/src/contracts/index.ts';
import { html, type Html } from './html.ts';
import { quoted, type FieldDescription, type OrgAsUser, type OrgRecord } from './orgAsUser.ts';
import type { LayoutSection } from './readLayout.ts';

/** What the details of one record are made of. */
export interface RecordView {
  readonly object: string;
  readonly record: OrgRecord;
  readonly sections: readonly LayoutSection[];
  readonly fields: ReadonlyMap<string, FieldDescription>;
}

/** The details as they are read, with the button that makes them a form, and the related records. */
export async function recordDetails(view: RecordView, org: OrgAsUser, as: string): Promise<Html> {
  return html`<article class="slds-card">
      <div class="slds-card__header slds-grid">
        <header class="slds-media slds-media_center slds-has-flexi-truncate">
          <h2 class="slds-card__header-title">Details</h2>
        </header>
        <button class="slds-button slds-button_neutral" id="edit" type="button">Edit by hand</button>
      </div>
      <div class="slds-card__body slds-card__body_inner">
        ${view.sections.map((section) => sectionOf(section, (field) => readOnly(field, view)))}
      </div>
    </article>
    ${await related(view, org, as)}`;
}

/** The details as a form. What a sync never wrote cannot be typed either: references, stamps and system fields. */
export function recordForm(view: RecordView): Html {
  return html`<form id="edit-form" class="slds-card">
    <div class="slds-card__header slds-grid">
      <header class="slds-media slds-media_center slds-has-flexi-truncate">
        <h2 class="slds-card__header-title">Edit by hand</h2>
      </header>
      <button class="slds-button slds-button_neutral" id="cancel" type="button">Cancel</button>
      <button class="slds-button slds-button_brand" type="submit">Save</button>
    </div>
    <div class="slds-card__body slds-card__body_inner">
      ${view.sections.map((section) => sectionOf(section, (field) => input(field, view)))}
    </div>
  </form>`;
}

/** Whether a person may type the field on this page. */
export function isTyped(field: FieldDescription | undefined): field is FieldDescription {
  return field?.updateable === true && field.type !== 'reference' && !stamps.has(field.name);
}

const stamps = new Set(['Last_Synced_At__c', 'Sync_Run_ID__c', 'RDS_Property_ID__c']);

function sectionOf({ label, fields }: LayoutSection, show: (field: string) => Html): Html {
  return html`<section class="section">
    <h3 class="slds-text-title_bold">${label}</h3>
    <div class="fields">${fields.map(show)}</div>
  </section>`;
}

function readOnly(name: string, { fields, record }: RecordView): Html {
  const field = fields.get(name);
  const value = record[name];
  const shown =
    field?.type === 'boolean'
      ? html`<span class="flag flag_${value === true ? 'on' : 'off'}">${value === true ? 'Yes' : 'No'}</span>`
      : html`${shownValue(value, field)}`;
  return html`<div class="field" data-field="${name}">
    <span class="slds-form-element__label">${labelOf(name, field)}</span>
    <div class="slds-form-element__static">${shown}</div>
  </div>`;
}

function shownValue(value: unknown, field: FieldDescription | undefined): string {
  if (value === null || value === undefined || value === '') return '—';
  if (field?.type === 'datetime' && typeof value === 'string')
    return new Date(value).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function input(name: string, view: RecordView): Html {
  const field = view.fields.get(name);
  if (!isTyped(field)) return readOnly(name, view);
  const value = view.record[name] ?? null;
  const text = value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);
  const before = JSON.stringify(field.type === 'boolean' ? value === true : text);
  const id = `field-${name}`;
  if (field.type === 'boolean') {
    return html`<div class="field">
      <label class="slds-form-element__label" for="${id}">${labelOf(name, field)}</label>
      <div>
        <input
          type="checkbox"
          id="${id}"
          name="${name}"
          data-before="${before}"
          ${value === true && 'checked'}
        />
      </div>
    </div>`;
  }
  const type = field.type === 'date' ? 'date' : 'text';
  return html`<div class="field">
    <label class="slds-form-element__label" for="${id}">${labelOf(name, field)}</label>
    <input
      class="slds-input"
      type="${type}"
      id="${id}"
      name="${name}"
      data-before="${before}"
      value="${text}"
      maxlength="${field.length > 0 ? field.length : 255}"
    />
  </div>`;
}

const labelOf = (name: string, field: FieldDescription | undefined): string =>
  field?.label ?? name.replace(/__c$/, '').replaceAll('_', ' ');

/** A production record shows the rows that feed it; a row the production record that it feeds. */
async function related({ object, record }: RecordView, org: OrgAsUser, as: string): Promise<Html> {
  const isProduction = object === productionObject;
  const parent = record['Property__c'];
  if (!isProduction && typeof parent !== 'string') return relatedCard('Property', [], as);
  const records = isProduction
    ? await org.query(
        `SELECT Id, Name, Status__c FROM ${stagingObject} WHERE Property__c = ${quoted(record.Id)} OR Source_Salesforce_ID__c = ${quoted(record.Id)} ORDER BY Name LIMIT 50`,
      )
    : await org.query(`SELECT Id, Name FROM ${productionObject} WHERE Id = ${quoted(String(parent))}`);
  return relatedCard(isProduction ? 'Product Properties' : 'Property', records, as);
}

function relatedCard(title: string, records: readonly OrgRecord[], as: string): Html {
  const items = records.map(
    (each) =>
      html`<li class="slds-item">
        <a href="/r/${each.Id}?as=${as}">${String(each['Name'])}</a> ${
          typeof each['Status__c'] === 'string' && html`<span class="quiet">${each['Status__c']}</span>`
        }
      </li>`,
  );
  return html`<article class="slds-card">
    <div class="slds-card__header"><h2 class="slds-card__header-title">${title} (${records.length})</h2></div>
    <div class="slds-card__body slds-card__body_inner">
      ${
        records.length === 0
          ? html`<p class="quiet">None.</p>`
          : html`<ul>
              ${items}
            </ul>`
      }
    </div>
  </article>`;
}
