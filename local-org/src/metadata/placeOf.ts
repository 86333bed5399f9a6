import type { Component } from './component.ts';
import { apexCode } from './validators/apex.ts';
import { positionOf } from './xml.ts';

/** Where the file of a component first has a name as a word; null where it does not, or lies in its object's file. */
export function placeOf(component: Component, name: string): { line: number; column: number } | null {
  const source = component.type.startsWith('Apex')
    ? apexCode(component)
    : component.files.get(component.fileName)?.toString('utf8');
  const at = source?.search(new RegExp(`\\b${name.replace(/\W/g, '\\$&')}\\b`, 'i')) ?? -1;
  return source === undefined || name === '' || at < 0 ? null : positionOf(source, at);
}
