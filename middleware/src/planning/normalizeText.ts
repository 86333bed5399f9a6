// Control characters and Unicode separators, no-break spaces from pasted text among them. `\s` means something else in
// every engine.
const whiteSpaceRun = /[\p{Cc}\p{Z}]+/gu;
const outerSpace = /^ | $/g;
// Most texts are ASCII words with one space between them: seeing that costs much less than replacing nothing.
const cleanText = /^[!-~]+(?: [!-~]+)*$/;

/** Text as it is compared and written (docs/domain.md §8.2): one space between words, none outside, blank is null. */
export function normalizeText(raw: string | null): string | null {
  if (raw === null || cleanText.test(raw)) return raw;
  const text = raw.replace(whiteSpaceRun, ' ').replace(outerSpace, '');
  return text === '' ? null : text;
}
