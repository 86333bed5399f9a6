import { productPlace } from './openCatalogs.ts';

/** What a client has set in its session. */
export interface Session {
  catalog: string;
  schema: string;
  /** Longest time of one statement; 0 for any. */
  statementTimeoutS: number;
}

/** A session as OpenSession asks for it. Settings that are not known are taken and do nothing, time zone included. */
export function newSession(
  namespace: { readonly catalogName?: string; readonly schemaName?: string } | undefined,
  settings: Readonly<Record<string, string>>,
): Session {
  const session: Session = {
    catalog: namespace?.catalogName ?? productPlace.catalog,
    schema: namespace?.schemaName ?? productPlace.schema,
    statementTimeoutS: 0,
  };
  for (const [name, value] of Object.entries(settings)) set(session, name, value);
  return session;
}

/** Does what `SET` and `USE` do; false if the statement, without comments, is neither. */
export function changeSession(session: Session, statement: string): boolean {
  const setting = /^set\s+([\w.]+)\s*=\s*(.*)$/is.exec(statement);
  if (setting !== null) {
    set(session, setting[1] ?? '', setting[2] ?? '');
    return true;
  }
  if (/^set\s+time\s+zone\b/i.test(statement)) return true;
  const place = /^use\s+(?:(catalog|schema|database)\s+)?(?:(\w+)\.)?(\w+)$/i.exec(statement);
  if (place === null) return false;
  const [, kind, catalog, name = ''] = place;
  if (kind?.toLowerCase() === 'catalog') session.catalog = name;
  else Object.assign(session, { catalog: catalog ?? session.catalog, schema: name });
  return true;
}

function set(session: Session, name: string, value: string): void {
  if (/(^|[.:])statement_timeout$/i.test(name)) session.statementTimeoutS = Number(value) || 0;
}
