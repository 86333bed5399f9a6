import { LightningElement, api } from 'lwc';
import RETRY from '@salesforce/label/c.PropertySync_Retry';
import type { ControllerProblem } from 'types/propertySync';

/** Something that did not work, what to do about it, and a button to try again. Fires `retry`. */
export default class ErrorPanel extends LightningElement {
  @api heading = '';
  @api problem: ControllerProblem | null = null;
  @api isRetryable = false;

  labels = { retry: RETRY };

  get message(): string {
    return this.problem?.message ?? '';
  }

  get action(): string | null {
    return this.problem?.action ?? null;
  }

  handleRetry(): void {
    this.dispatchEvent(new CustomEvent('retry'));
  }
}
