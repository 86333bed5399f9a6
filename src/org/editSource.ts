/**
 * The key field as an org gets that has one already, or duplicates: with the org's own label and length, so that
 * nothing of the customer's changes but External ID and Unique.
 */
export function editKeyField(
  xml: string,
  {
    isUnique,
    label,
    length,
  }: { readonly isUnique: boolean; readonly label: string; readonly length: number },
): string {
  const edited = replaceElement(replaceElement(xml, 'label', escapeXml(label)), 'length', String(length));
  if (isUnique) return edited;
  // Salesforce gives a text field a case of its own only while it is unique.
  return replaceElement(edited, 'unique', 'false').replace(/\s*<caseSensitive>.*<\/caseSensitive>/, '');
}

/** The named credential with the middleware's address. */
export function editNamedCredential(xml: string, url: string): string {
  const pattern = /(<parameterType>Url<\/parameterType>\s*<parameterValue>)[^<]*(<\/parameterValue>)/;
  if (!pattern.test(xml)) throw new Error('The named credential of the package has no Url parameter.');
  return xml.replace(pattern, (_, before: string, after: string) => before + escapeXml(url) + after);
}

function replaceElement(xml: string, name: string, value: string): string {
  const pattern = new RegExp(`<${name}>[^<]*</${name}>`);
  if (!pattern.test(xml)) throw new Error(`The key field of the package has no element ${name}.`);
  return xml.replace(pattern, () => `<${name}>${value}</${name}>`);
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
