import type { ControllerProblem } from 'types/propertySync';
import { after } from 'c/timer';

/** What a call ends with that nobody answered. A new object each time: LWC may wrap what it is given. */
const unanswered = (): ControllerProblem => ({
  code: 'MIDDLEWARE_UNREACHABLE',
  message: '',
  action: null,
});

/**
 * The promise, or a `ControllerProblem` thrown once `timeoutMs` have passed: a call whose answer never comes must not leave
 * a spinner behind.
 */
export function withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = after(timeoutMs, () => reject(unanswered()));
    promise.then(resolve, reject).finally(cancel);
  });
}
