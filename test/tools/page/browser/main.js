/* global document, fetch, localStorage, location, setTimeout */
import './clock.js';
import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import PropertySyncStatus from 'c/propertySyncStatus';
import SyncStateBadge from 'c/syncStateBadge';
import { page } from './page.js';

const byId = (id) => document.getElementById(id);

// Automation takes over what a sync wrote a moment later.
const automationDelayMs = 2_500;

function mountStatus() {
  const place = byId('status');
  if (place === null) return;
  const element = createElement('c-property-sync-status', { is: PropertySyncStatus });
  element.recordId = page.recordId;
  element.objectApiName = page.objectApiName;
  place.replaceChildren(element);
}

async function showDetails() {
  const place = byId('details');
  if (place === null || place.querySelector('form') !== null) return;
  const response = await fetch(`${location.pathname}/details${location.search}`);
  if (response.ok && place.querySelector('form') === null) place.innerHTML = await response.text();
}

async function showStates() {
  const places = [...document.querySelectorAll('[data-state-of]')];
  await Promise.all(
    places.map(async (place) => {
      const response = await fetch(`/states/${place.dataset.stateOf}`);
      const { state } = await response.json();
      if (state === null) {
        place.textContent = 'Not compared yet';
        return;
      }
      const badge = createElement('c-sync-state-badge', { is: SyncStateBadge });
      badge.state = state;
      place.replaceChildren(badge);
    }),
  );
}

function showToast({ title, message, variant = 'info' }) {
  const toast = document.createElement('div');
  toast.className = `slds-notify slds-notify_toast slds-theme_${variant}`;
  toast.setAttribute('role', 'status');
  const text = document.createElement('div');
  text.className = 'slds-notify__content';
  const heading = document.createElement('h2');
  heading.className = 'slds-text-heading_small';
  heading.textContent = title;
  text.append(heading);
  if (message) text.append(Object.assign(document.createElement('p'), { textContent: message }));
  toast.append(text);
  byId('toasts').append(toast);
  setTimeout(() => toast.remove(), 6_000);
}

async function send(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-as': page.as },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

/** Compares source and Salesforce as every sync begins, so that nobody has to wait for the next one. */
async function compare() {
  const button = byId('compare');
  button.disabled = true;
  button.textContent = 'Comparing…';
  try {
    await send('/compare', {});
    mountStatus();
    await showStates();
  } catch (error) {
    showToast({ title: 'The comparison failed', message: error.message, variant: 'error' });
  } finally {
    button.disabled = false;
    button.textContent = 'Compare now';
  }
}

async function save(form) {
  const fields = {};
  for (const input of form.elements) {
    if (!input.name) continue;
    const value = input.type === 'checkbox' ? input.checked : input.value.trim() || null;
    if (JSON.stringify(value) !== input.dataset.before) fields[input.name] = value;
  }
  form.querySelector('[type=submit]').disabled = true;
  try {
    if (Object.keys(fields).length > 0) {
      await send(location.pathname, fields);
      showToast({ title: 'Saved in Salesforce', message: 'By hand, past the sync.', variant: 'success' });
    }
    form.remove();
    await showDetails();
    if (Object.keys(fields).length > 0) await compare();
  } catch (error) {
    showToast({ title: 'Not saved', message: error.message, variant: 'error' });
    form.querySelector('[type=submit]').disabled = false;
  }
}

function showTheme(theme) {
  document.documentElement.classList.toggle('slds-color-scheme--dark', theme === 'dark');
  document.documentElement.classList.toggle('slds-color-scheme--light', theme !== 'dark');
  byId('theme').setAttribute('aria-pressed', String(theme === 'dark'));
}

byId('theme').addEventListener('click', () => {
  const theme = localStorage.getItem('theme') === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', theme);
  showTheme(theme);
});
showTheme(localStorage.getItem('theme'));

document.addEventListener('lightning__showtoast', ({ detail }) => showToast(detail));
document.addEventListener('recordchange', () => {
  void showDetails();
  setTimeout(() => void showDetails(), automationDelayMs);
});
document.addEventListener('click', async ({ target }) => {
  if (target.id === 'compare') void compare();
  if (target.id === 'edit') {
    const response = await fetch(`${location.pathname}/form${location.search}`);
    byId('details').innerHTML = await response.text();
    byId('details').querySelector('input:not([disabled])')?.focus();
  }
  if (target.id === 'cancel') {
    byId('details').replaceChildren();
    await showDetails();
    byId('edit')?.focus();
  }
});
document.addEventListener('submit', (event) => {
  if (event.target.id !== 'edit-form') return;
  event.preventDefault();
  void save(event.target);
});

mountStatus();
void showStates();
