import { createElement } from 'lwc';

/** Everything a person can see below an element, through all shadows. */
export function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  const children = [...((node as Element).shadowRoot?.childNodes ?? []), ...node.childNodes];
  return children.map(textOf).join(' ').replace(/\s+/g, ' ').trim();
}

/** All that match, through all shadows. */
export function all(root: Element | ShadowRoot, selector: string): any[] {
  const inside = [...root.querySelectorAll('*')];
  const own = inside.filter((element) => element.matches(selector));
  const shadows = [root, ...inside].flatMap((element) =>
    'shadowRoot' in element && element.shadowRoot ? [element.shadowRoot] : [],
  );
  return [...new Set([...own, ...shadows.flatMap((shadow) => all(shadow, selector))])];
}

export const one = (root: Element, selector: string): any => all(root, selector)[0] ?? null;

export function show(tag: string, is: any, properties: Record<string, unknown> = {}): any {
  const element = Object.assign(createElement(tag, { is }), properties);
  document.body.appendChild(element);
  return element;
}

export function clear(): void {
  while (document.body.firstChild) document.body.removeChild(document.body.firstChild);
}
