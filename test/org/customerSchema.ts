import { cpSync, mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productSchema } from '../local-org/startOrg.ts';

/**
 * The source of an org with objects of its own and a few fields on the staging object; the folder is the caller's to
 * remove.
 */
export function customerSchema(fields: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'property-sync-schema-'));
  cpSync(path.join(productSchema, 'with-objects/default/objects'), path.join(dir, 'objects'), {
    recursive: true,
  });
  const fieldsDir = path.join(dir, 'objects/Product_Property__c/fields');
  mkdirSync(fieldsDir, { recursive: true });
  for (const [name, elements] of Object.entries(fields)) {
    writeFileSync(
      path.join(fieldsDir, `${name}.field-meta.xml`),
      `<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>${name}</fullName>${elements}</CustomField>\n`,
    );
  }
  return dir;
}
