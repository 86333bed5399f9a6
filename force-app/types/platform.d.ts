/** The modules of the platform that @salesforce/lightning-types 0.8.0 does not have. */

declare module 'lightning/uiRecordApi' {
  /** Tells Lightning Data Service that these records were changed behind its back. */
  export function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<void>;
}

declare module 'lightning/platformShowToastEvent' {
  export interface ToastDetail {
    title: string;
    message: string;
    variant?: 'info' | 'success' | 'warning' | 'error';
    mode?: 'dismissible' | 'pester' | 'sticky';
  }
  export class ShowToastEvent extends CustomEvent<ToastDetail> {
    constructor(detail: ToastDetail);
  }
}

declare module 'lightning/empApi' {
  export interface EmpMessage<Payload> {
    channel: string;
    data: { payload: Payload; event: { replayId: number } };
  }
  export interface EmpSubscription {
    id: string;
    channel: string;
    replayId: number;
  }
  export function subscribe<Payload>(
    channel: string,
    replayId: number,
    onMessage: (message: EmpMessage<Payload>) => void,
  ): Promise<EmpSubscription>;
  export function unsubscribe(
    subscription: EmpSubscription,
    callback: (response: unknown) => void,
  ): Promise<unknown>;
  export function onError(callback: (error: unknown) => void): void;
  export function isEmpEnabled(): Promise<boolean>;
}

declare module '@salesforce/label/*' {
  const label: string;
  export default label;
}

declare module '@salesforce/i18n/*' {
  const setting: string;
  export default setting;
}

/** `true` for a user who has the permission, else undefined. */
declare module '@salesforce/customPermission/*' {
  const hasPermission: boolean | undefined;
  export default hasPermission;
}

declare module '@salesforce/apex/PropertySyncController.getStatus' {
  export default function getStatus(parameters: {
    recordId: string;
  }): Promise<import('./propertySync.ts').StatusAnswer>;
}
declare module '@salesforce/apex/PropertySyncController.getProperty' {
  export default function getProperty(parameters: {
    recordId: string;
  }): Promise<import('./propertySync.ts').Property>;
}
declare module '@salesforce/apex/PropertySyncController.getExplanation' {
  export default function getExplanation(parameters: {
    recordId: string;
  }): Promise<import('./propertySync.ts').Explanation>;
}
declare module '@salesforce/apex/PropertySyncController.getHistory' {
  export default function getHistory(parameters: {
    recordId: string;
    cursor: string | null;
  }): Promise<import('./propertySync.ts').HistoryPage>;
}
declare module '@salesforce/apex/PropertySyncController.requestResync' {
  export default function requestResync(parameters: {
    recordId: string;
    requestKey: string;
  }): Promise<import('./propertySync.ts').Resync>;
}
declare module '@salesforce/apex/PropertySyncController.getResync' {
  export default function getResync(parameters: {
    resyncId: string;
  }): Promise<import('./propertySync.ts').Resync>;
}
