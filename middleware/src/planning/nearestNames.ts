/** How many names a message suggests. */
const suggestions = 3;

/** The known names nearest to the wanted one by edit distance, nearest first; `part` is what of a name is compared. */
export function nearestNames(
  wanted: string,
  known: readonly string[],
  part: (name: string) => string = (name) => name,
): string[] {
  return known
    .map((name) => ({ name, distance: editDistance(wanted, part(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(wanted.length, part(name).length) / 2)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, suggestions)
    .map(({ name }) => name);
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      current[j] = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
