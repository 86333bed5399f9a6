const { readFileSync } = require('node:fs');
const { join } = require('node:path');

require('@sa11y/jest').setup();

// The texts that users see, so that a label that is missing in the package is seen as its own name.
const xml = readFileSync(join(__dirname, '../main/default/labels/CustomLabels.labels-meta.xml'), 'utf8');
const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
for (const [, name, value] of xml.matchAll(/<fullName>(.*?)<\/fullName>.*?<value>(.*?)<\/value>/gs)) {
  const text = value.replace(/&(\w+);/g, (whole, entity) => entities[entity] ?? whole);
  jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: text }), { virtual: true });
}
