const SUFFIX_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_PATTERN = /^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/;

/**
 * The 18-character form of a 15-character record id: for each third of the id, one character that says which of
 * its five characters are upper case (Salesforce Help, "What are the 15-character and 18-character record IDs?").
 */
export function to18(id15: string): string {
  let suffix = '';
  for (let third = 0; third < 3; third++) {
    let bits = 0;
    for (let position = 0; position < 5; position++) {
      const character = id15.charAt(third * 5 + position);
      if (character >= 'A' && character <= 'Z') bits |= 1 << position;
    }
    suffix += SUFFIX_ALPHABET.charAt(bits);
  }
  return id15 + suffix;
}

/** The 18-character form of an id of 15 or 18 characters, or undefined when the text is not an id. */
export function normalizeId(text: string): string | undefined {
  if (!ID_PATTERN.test(text)) return undefined;
  const id = to18(text.slice(0, 15));
  return text.length === 15 || id === text ? id : undefined;
}

/** Makes ids of one key prefix, in order: `a13` + `ZZ` + a counter in base 62. */
export function createIdSequence(keyPrefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    let digits = '';
    for (let rest = count; rest > 0; rest = Math.floor(rest / 62))
      digits = BASE_62.charAt(rest % 62) + digits;
    return to18(keyPrefix + 'ZZ' + digits.padStart(10, '0'));
  };
}
