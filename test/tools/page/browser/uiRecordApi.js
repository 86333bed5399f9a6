/* global document, CustomEvent */
/** Tells the page that records changed behind its back: Lightning Data Service would read them anew. */
export async function notifyRecordUpdateAvailable(records) {
  document.dispatchEvent(
    new CustomEvent('recordchange', { detail: { ids: records.map(({ recordId }) => recordId) } }),
  );
}
