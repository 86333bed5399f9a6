import { ownName } from '../metadata/component.ts';
import { recordValues, typeOfRecord } from '../metadata/validators/customMetadata.ts';
import { text } from '../metadata/xml.ts';
import { coerceValue } from '../dml/coerceValue.ts';
import { findField, type Value } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { stamps } from './stamps.ts';
import type { SetupView } from './setupObject.ts';

/** Makes the records of custom metadata types those of the metadata; what a record leaves out has its default. */
export function fillCustomMetadata(store: Store, { catalog, objects }: SetupView): void {
  for (const object of objects.filter(({ name }) => name.endsWith('__mdt'))) {
    const table = store.table(object.name);
    table.clear();
    for (const component of catalog.list('CustomMetadata')) {
      if (typeOfRecord(component.fullName).toLowerCase() !== object.name.toLowerCase()) continue;
      const name = ownName(component.fullName);
      const label = text(component.definition, 'label') ?? name;
      const values: Record<string, Value> = {
        ...stamps(component),
        DeveloperName: name,
        MasterLabel: label,
        Label: label,
        Language: 'en_US',
        QualifiedApiName: name,
      };
      for (const [fieldName, value] of recordValues(component)) {
        const field = findField(object, fieldName);
        if (!field || value === null) continue;
        const coerced = coerceValue(field, value, 'csv');
        if ('value' in coerced) values[field.name] = coerced.value;
      }
      table.put(object.fields.map((field) => values[field.name] ?? field.defaultValue));
    }
  }
}
