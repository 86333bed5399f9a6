/** Invented words. None contains a test word of docs/domain.md §3.5 D19, whole or as a part; a test says so. */

export const stemStarts: readonly string[] = (
  'Alder Amber Arden Aven Birken Bram Brindle Calder Carrow Cinder Corm Dunmor Ebber Elder Farrow ' +
  'Fenni Galder Garrow Hallow Harrin Hollin Ivers Jarro Kellan Kirro Larken Linnow Marlow Merrin ' +
  'Norrow Orrin Pellow Quillen Rowan Sorrel Tarrow Umber Verrin Willow Yarrow'
).split(' ');

export const stemEnds: readonly string[] = (
  'mere wick stead holt combe ridge fell brook croft dale field glen grove haven hurst leigh moor ' +
  'shaw vale wood'
).split(' ');

export const namePrefixes = [
  '',
  '',
  '',
  '',
  '',
  'North ',
  'South ',
  'East ',
  'West ',
  'Upper ',
  'Lower ',
  'Little ',
] as const;

export const propertyKinds: readonly string[] = (
  'Apartments Court Flats Gardens Heights House Landing Lofts Manor Mews Place Point Terrace ' +
  'Towers Villas Yard'
).split(' ');

export const companyKinds = [
  'Residential LLC',
  'Property Group',
  'Living Inc',
  'Holdings',
  'Management LLC',
  'Communities',
  'Housing Partners',
] as const;

export const streetKinds: readonly string[] = 'Street Avenue Road Lane Drive Boulevard Way Parkway'.split(
  ' ',
);

export const cityEnds = [
  'ton',
  'bury',
  'ford',
  'ham',
  'port',
  'ville',
  ' City',
  ' Falls',
  ' Springs',
  'burgh',
] as const;

/** Ordinary names that contain a test word as a part only. */
export const decoyNames = [
  'Devon Court',
  'Attestor Place',
  'Demorest Flats',
  'Templeton Row',
  'Fakenham Place',
  'Qadira Heights',
  'Sampleford Green',
  'Stagingley Mews',
  'Dummyre Point',
] as const;

/** Every test word once, as a whole word in some case; `*` stands for an invented word. */
export const testNames = [
  'Test Property *',
  '* DEMO',
  'Sample Site *',
  'Staging - *',
  '* (QA)',
  'dev *',
  '* Sandbox',
  'Training House *',
  'Dummy *',
  'FAKE * Flats',
  '* temp',
  'DO NOT USE *',
  '* - Delete',
  'Remove: *',
  '* Duplicate',
  '*, test',
] as const;

/** USPS code, name and the first digit of its ZIP codes. */
export const states = [
  ['CT', 'Connecticut', 0],
  ['MA', 'Massachusetts', 0],
  ['ME', 'Maine', 0],
  ['NH', 'New Hampshire', 0],
  ['NJ', 'New Jersey', 0],
  ['RI', 'Rhode Island', 0],
  ['VT', 'Vermont', 0],
  ['DE', 'Delaware', 1],
  ['NY', 'New York', 1],
  ['PA', 'Pennsylvania', 1],
  ['DC', 'District of Columbia', 2],
  ['MD', 'Maryland', 2],
  ['NC', 'North Carolina', 2],
  ['SC', 'South Carolina', 2],
  ['VA', 'Virginia', 2],
  ['WV', 'West Virginia', 2],
  ['AL', 'Alabama', 3],
  ['FL', 'Florida', 3],
  ['GA', 'Georgia', 3],
  ['MS', 'Mississippi', 3],
  ['TN', 'Tennessee', 3],
  ['IN', 'Indiana', 4],
  ['KY', 'Kentucky', 4],
  ['MI', 'Michigan', 4],
  ['OH', 'Ohio', 4],
  ['IA', 'Iowa', 5],
  ['MN', 'Minnesota', 5],
  ['MT', 'Montana', 5],
  ['ND', 'North Dakota', 5],
  ['SD', 'South Dakota', 5],
  ['WI', 'Wisconsin', 5],
  ['IL', 'Illinois', 6],
  ['KS', 'Kansas', 6],
  ['MO', 'Missouri', 6],
  ['NE', 'Nebraska', 6],
  ['AR', 'Arkansas', 7],
  ['LA', 'Louisiana', 7],
  ['OK', 'Oklahoma', 7],
  ['TX', 'Texas', 7],
  ['AZ', 'Arizona', 8],
  ['CO', 'Colorado', 8],
  ['ID', 'Idaho', 8],
  ['NM', 'New Mexico', 8],
  ['NV', 'Nevada', 8],
  ['UT', 'Utah', 8],
  ['WY', 'Wyoming', 8],
  ['AK', 'Alaska', 9],
  ['CA', 'California', 9],
  ['HI', 'Hawaii', 9],
  ['OR', 'Oregon', 9],
  ['WA', 'Washington', 9],
] as const;
