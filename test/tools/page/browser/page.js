/* global document */
/** What the server tells the page: who looks, at which record, with which permissions. */
export const page = JSON.parse(document.getElementById('page').textContent);
