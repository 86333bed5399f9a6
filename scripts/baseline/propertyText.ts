import type { PlannedCompany, PlannedProperty, StateForm, ZipForm } from './plan.ts';
import type { Hash } from './random.ts';
import {
  cityEnds,
  companyKinds,
  decoyNames,
  namePrefixes,
  propertyKinds,
  states,
  stemEnds,
  stemStarts,
  streetKinds,
  testNames,
} from './words.ts';

const topic = {
  name: 30,
  kind: 31,
  filler: 32,
  importNumber: 33,
  street: 34,
  city: 35,
  state: 36,
  zip: 37,
  company: 38,
} as const;

/** Texts as RDS holds them, and in the normal form of docs/domain.md §8.2 in which Salesforce holds them. */
export interface PropertyText {
  readonly name: string;
  readonly normalName: string;
  readonly address: string;
  readonly city: string;
  readonly normalCity: string;
  readonly state: string;
  readonly normalState: string | null;
  readonly zip: string;
  readonly normalZip: string | null;
}

/** Longest name that RDS or Salesforce holds. */
const longestName = 80;

/** The texts of a property; they depend on the seed and on the plan of this property alone. */
export function propertyText(hash: Hash, property: PlannedProperty): PropertyText {
  const name = rawName(hash, property);
  const city = cityOf(hash, property.number);
  const stateRow = stateOf(hash, property);
  const zip = rawZip(hash, property.zipForm, property.number, stateRow[2]);
  return {
    name,
    normalName: normalizeName(name),
    address: `${1 + (hash(topic.street, property.number) % 9_899)} ${stem(hash(topic.street + 100, property.number))} ${pick(streetKinds, hash(topic.street + 200, property.number))}`,
    city: property.cityHasOuterSpace ? outerSpace(city, property.number) : city,
    normalCity: city,
    state: rawState(stateRow, property.stateForm),
    normalState: property.stateForm === 'empty' ? null : stateRow[0],
    zip,
    normalZip: zip === '' ? null : zip,
  };
}

/** Control characters become spaces, runs of white space one, outer space goes, the rest is cut to 80. */
export function normalizeName(name: string): string {
  // \p{Cc} is the Unicode class of control characters.
  return name
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, longestName);
}

/** The raw name of a company, or null. */
export function companyName(hash: Hash, company: PlannedCompany): string | null {
  if (company.kind === 'unnamed') return null;
  if (company.kind === 'blankName') return '';
  if (company.namedAfter !== null) return rawName(hash, company.namedAfter);
  return `${stem(hash(topic.company, company.number))} ${pick(companyKinds, hash(topic.company + 100, company.number))}`;
}

/** A city for things that are not a property. */
export function cityOf(hash: Hash, number: number): string {
  return pick(stemStarts, hash(topic.city, number)) + pick(cityEnds, hash(topic.city + 100, number));
}

function pick<T>(items: readonly T[], random: number): T {
  return items[random % items.length] as T;
}

function stem(random: number): string {
  return pick(stemStarts, random) + pick(stemEnds, Math.floor(random / stemStarts.length));
}

function rawName(hash: Hash, property: PlannedProperty): string {
  const { group, number, nameNumber, phase, namePattern } = property;
  if (group.block === 'parkKennedy') return group.hasId ? 'Park Kennedy' : 'Park Kennedy - Guarantor';
  const random = hash(topic.name, nameNumber);
  const kind = pick(propertyKinds, hash(topic.kind, nameNumber));
  const phaseText = phase === 1 ? '' : ` Phase ${phase}`;
  const name = `${pick(namePrefixes, hash(topic.kind + 100, nameNumber))}${stem(random)} ${kind}${phaseText}`;
  switch (namePattern) {
    case 'plain':
      return name;
    case 'tab':
      return name.replace(' ', '\t');
    case 'newline':
      return name.replace(' ', '\n');
    case 'outerSpace':
      return outerSpace(name, number);
    case 'guarantor':
      return `${name} - Guarantor`;
    case 'ms':
      return `${name} - MS`;
    case 'number':
      return `${name} ${10_000 + (hash(topic.importNumber, number) % 9_990_000)}`;
    case 'length80':
      return longName(hash, name, number);
    case 'decoy':
      return pick(decoyNames, nameNumber);
    case 'test':
      return pick(testNames, nameNumber).replace('*', stem(random));
  }
}

/** Exactly 80 characters, none of them a space at the end. */
function longName(hash: Hash, name: string, number: number): string {
  let long = `${name} at`;
  for (let word = 0; long.length < longestName; word += 1)
    long += ` ${stem(hash(topic.filler, number * 16 + word))}`;
  return long.slice(0, longestName).replace(/ $/, 's');
}

/** Space in front, behind, or both. */
function outerSpace(text: string, number: number): string {
  const front = number % 3 === 0 ? '' : ' ';
  const behind = number % 3 === 1 ? '' : '  ';
  return front + text + behind;
}

type StateRow = (typeof states)[number];

const statesWithLeadingZero = states.filter(([, , digit]) => digit === 0);
const otherStates = states.filter(([, , digit]) => digit !== 0);

function stateOf(hash: Hash, property: PlannedProperty): StateRow {
  const hasLeadingZero = property.zipForm === 'zip5Zero' || property.zipForm === 'plus4Zero';
  return pick(hasLeadingZero ? statesWithLeadingZero : otherStates, hash(topic.state, property.number));
}

function rawState([code, name]: StateRow, form: StateForm): string {
  if (form === 'empty') return '';
  return form === 'fullName' ? name : code;
}

/** Malformed ZIPs keep their length: 3, 4 or 7 digits. */
function rawZip(hash: Hash, form: ZipForm, number: number, firstDigit: number): string {
  const digits = (hash(topic.zip, number) % 9_000) + 1_000;
  const zip5 = `${firstDigit}${digits}`;
  const plus4 = 1_000 + (hash(topic.zip + 100, number) % 9_000);
  switch (form) {
    case 'zip5':
    case 'zip5Zero':
      return zip5;
    case 'plus4':
    case 'plus4Zero':
      return `${zip5}-${plus4}`;
    case 'four':
      return String(digits);
    case 'three':
      return String(digits).slice(1);
    case 'seven':
      return `${zip5}${plus4}`.slice(0, 7);
    case 'empty':
      return '';
  }
}
