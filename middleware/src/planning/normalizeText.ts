// White space is the ASCII kind together with the control characters, so that every engine agrees on it; a
// no-break space is text, which is why `String.trim` is not used.
// eslint-disable-next-line no-control-regex -- control characters are what the rule is about
const whiteSpaceRun = /[\u0000-\u0020\u007f]+/g;
const outerSpace = /^ | $/g;

/** Text as it is compared and written (docs/domain.md §8.2): one space between words, none outside, blank is null. */
export function normalizeText(raw: string | null): string | null {
  if (raw === null) return null;
  const text = raw.replace(whiteSpaceRun, ' ').replace(outerSpace, '');
  return text === '' ? null : text;
}
