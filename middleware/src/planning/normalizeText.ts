// Control characters and Unicode separators, no-break spaces from pasted text among them. `\s` means something else in
// every engine.
const whiteSpaceRun = /[\p{Cc}\p{Z}]+/gu;
const outerSpace = /^ | $/g;

/** Text as it is compared and written (docs/domain.md §8.2): one space between words, none outside, blank is null. */
export function normalizeText(raw: string | null): string | null {
  if (raw === null) return null;
  const text = raw.replace(whiteSpaceRun, ' ').replace(outerSpace, '');
  return text === '' ? null : text;
}
