import type { Component, Problem } from './component.ts';

/** What became of one component (Metadata API Developer Guide, "DeployMessage"). */
export interface DeployMessage {
  readonly changed: boolean;
  readonly columnNumber?: number | undefined;
  readonly componentType: string;
  readonly created: boolean;
  readonly createdDate: string;
  readonly deleted: boolean;
  readonly fileName: string;
  readonly fullName: string;
  readonly id?: string | undefined;
  readonly lineNumber?: number | undefined;
  readonly problem?: string | undefined;
  readonly problemType?: 'Error' | 'Warning' | undefined;
  readonly success: boolean;
  readonly warning: boolean;
}

/** What a deploy did to a component. */
export interface Effect {
  readonly changed?: boolean;
  readonly created?: boolean;
  readonly deleted?: boolean;
  readonly id?: string | undefined;
}

type Named = Pick<Component, 'type' | 'fullName' | 'fileName'> & Partial<Pick<Component, 'line' | 'column'>>;

export function successMessage(component: Named, nowMs: number, effect: Effect): DeployMessage {
  return { ...base(component, nowMs), ...effect, success: true };
}

/** A row for each problem; a warning succeeds only where warnings are ignored. */
export function problemMessage(
  component: Named,
  nowMs: number,
  { message, type, line, column }: Problem,
  effect: Effect & { success?: boolean } = {},
): DeployMessage {
  return {
    ...base(component, nowMs),
    ...effect,
    lineNumber: line ?? component.line,
    columnNumber: column ?? component.column,
    problem: message,
    problemType: type,
    warning: type === 'Warning',
    success: effect.success ?? false,
  };
}

const base = ({ type, fullName, fileName }: Named, nowMs: number) => ({
  changed: false,
  componentType: type,
  created: false,
  createdDate: new Date(nowMs).toISOString(),
  deleted: false,
  fileName,
  fullName,
  warning: false,
});
