/**
 * What to do about what an org says of a component. The texts of Salesforce are matched loosely, since they change
 * between releases; believed from public threads, not verified against a real org.
 */
const actions: readonly (readonly [RegExp, string])[] = [
  [
    /cannot deploy to a required field/i,
    'This field of yours is required, and no permission set can name such a field. Make it optional in Setup > Object Manager.',
  ],
  [
    /(change|changed|changing).*(type|data type)|(type|data type).*(cannot|can't|not allowed).*chang/i,
    'A field of this name has another type in the org. Change it in Setup > Object Manager, then deploy again.',
  ],
  [
    /duplicate|not unique|non-unique/i,
    'Two things share one value or name. Clear the surplus one, then deploy again.',
  ],
  [
    /coverage/i,
    'Production wants 75 % of the Apex covered. Deploy with --test-level RunSpecifiedTests, which runs our own tests.',
  ],
  [
    /(limit|maximum number).*(field|custom)|(field|custom).*(limit|maximum number)/i,
    'The object is full. Delete fields that nobody uses, or ask Salesforce for more.',
  ],
  [
    /referenced|in use|is used|depends on/i,
    'Something in the org still refers to it. Setup > Where is this used? names it; take the reference away first.',
  ],
  [
    /cannot be found|not found|unable to find|no \w+ named|does not exist|invalid field|unknown/i,
    'It refers to something the org lacks. Deploy with --with-objects if it is an object, or create what is named.',
  ],
  [
    /insufficient|not have (access|permission)|no access|not authorized/i,
    'Log in as a user with Customize Application and Modify Metadata Through Metadata API Functions.',
  ],
  [
    /not (enabled|available|supported)|requires/i,
    'The org lacks a feature. Look it up in Setup, switch it on, then deploy again.',
  ],
];

/** What to do about a problem that an org reported. */
export const problemAction = (problem: string): string =>
  actions.find(([pattern]) => pattern.test(problem))?.[1] ??
  'Mend what the org says, then deploy again; with --dry-run nothing is written.';
