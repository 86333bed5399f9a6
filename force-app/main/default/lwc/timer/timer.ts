/**
 * The only place with timers, so that none outlives its component: whoever starts one keeps what is returned and calls it
 * when the component goes.
 */

/** Calls `action` once, `delayMs` from now; the function returned calls it off. */
export function after(delayMs: number, action: () => void): () => void {
  // eslint-disable-next-line @lwc/lwc/no-async-operation -- called off by the function returned
  const id = setTimeout(action, delayMs);
  return () => clearTimeout(id);
}

/** Calls `action` every `periodMs`; the function returned ends it. */
export function every(periodMs: number, action: () => void): () => void {
  // eslint-disable-next-line @lwc/lwc/no-async-operation -- ended by the function returned
  const id = setInterval(action, periodMs);
  return () => clearInterval(id);
}
