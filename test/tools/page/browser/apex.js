/* global fetch */
import { page } from './page.js';

/** What a component catches when Apex throws: `error.body.message` is the text of the AuraHandledException. */
class ApexError extends Error {
  constructor(status, body) {
    super(body.message);
    this.body = body;
    this.status = status;
    this.ok = false;
  }
}

async function call(method, parameters) {
  const response = await fetch(`/apex/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-as': page.as },
    body: JSON.stringify(parameters ?? {}),
  });
  const answer = await response.json();
  if (!response.ok) throw new ApexError(response.status, answer);
  return answer;
}

/** `@salesforce/apex/Class.method`: a function, and an adapter for `@wire`. */
export function apexMethod(method) {
  const callMethod = (parameters) => call(method, parameters);
  callMethod.adapter = class {
    constructor(emit) {
      this.emit = emit;
      emit({ data: undefined, error: undefined });
    }
    connect() {}
    disconnect() {
      this.isGone = true;
    }
    update(parameters) {
      if (Object.values(parameters).includes(undefined)) return;
      call(method, parameters).then(
        (data) => this.isGone || this.emit({ data, error: undefined }),
        (error) => this.isGone || this.emit({ data: undefined, error }),
      );
    }
  };
  return callMethod;
}
