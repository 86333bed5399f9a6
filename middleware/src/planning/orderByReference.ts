/** Orders objects so that each comes after those that its text names as `${catalog}.${schema}.<object>`. */
export function orderByReference(texts: Readonly<Record<string, string>>): [object: string, text: string][] {
  const ordered = new Map<string, string>();
  const visit = (object: string, path: readonly string[]): void => {
    const text = texts[object];
    if (text === undefined || ordered.has(object)) return;
    if (path.includes(object)) throw new Error(`The views read each other in a circle: ${path.join(' → ')}.`);
    for (const [, reference = ''] of text.matchAll(/\$\{catalog\}\.\$\{schema\}\.(\w+)/g)) {
      if (reference !== object) visit(reference, [...path, object]);
    }
    ordered.set(object, text);
  };
  for (const object of Object.keys(texts)) visit(object, []);
  return [...ordered];
}
