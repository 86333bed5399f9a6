import { renderSourceView, sourceViews } from './sourceViews.ts';
import type { SourceNames } from './sourceContract.ts';
import type { SqlFiles } from './sqlFiles.ts';

/** Every view of the product as an unrendered statement, the generated `source_*` views included. */
export function viewTexts(files: SqlFiles, names: SourceNames): Record<string, string> {
  const generated = sourceViews.map((view) => [view.name, renderSourceView(view, names)] as const);
  return { ...Object.fromEntries(generated), ...files.views };
}
