/** Comments, names in backticks, and texts in either quote, which may hold escapes. */
const token = /--[^\n]*|\/\*[\s\S]*?\*\/|`(?:[^`]|``)*`|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"/g;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0' };

/** A statement whose texts are out of the way of anything that looks for words. */
export interface MaskedStatement {
  /** The statement with `⟦0⟧`, `⟦1⟧` … in the place of its texts, and without comments. */
  readonly code: string;
  /** The texts themselves, without quotes and escapes. */
  readonly texts: readonly string[];
}

/**
 * Takes the texts out of a statement of Databricks. Both quotes hold texts there, and a backslash escapes; names in
 * backticks become names in double quotes.
 */
export function maskLiterals(statement: string): MaskedStatement {
  const texts: string[] = [];
  const code = statement.replace(token, (match) => {
    if (match.startsWith('--') || match.startsWith('/*')) return ' ';
    if (match.startsWith('`')) return `"${match.slice(1, -1).replaceAll('``', '`').replaceAll('"', '""')}"`;
    const [quote = "'"] = match;
    const text = match
      .slice(1, -1)
      .replaceAll(quote + quote, quote)
      .replace(/\\([\s\S])/g, (_, escaped: string) => escapes[escaped] ?? escaped);
    return `⟦${texts.push(text) - 1}⟧`;
  });
  return { code: code.trim().replace(/;\s*$/, '').trim(), texts };
}

/** Puts the texts back, as DuckDB writes them. */
export function unmaskLiterals({ code, texts }: MaskedStatement): string {
  return code.replace(
    /⟦(\d+)⟧/g,
    (_, index: string) => `'${(texts[Number(index)] ?? '').replaceAll("'", "''")}'`,
  );
}
