import { Html, html } from './html.ts';
import { pageUsers, type PageUserName } from './pageUsers.ts';
import { pageObjects } from './recordObject.ts';

/** One page: its frame looks like an app of Lightning Experience. */
export interface PageFrame {
  readonly title: string;
  readonly as: PageUserName;
  /** Path and query without `as`, for the switch between users. */
  readonly path: string;
  /** The object whose tab is open. */
  readonly object: string;
  /** The modules of the browser by their names. */
  readonly modules: Readonly<Record<string, string>>;
  readonly nonce: string;
  /** What scripts are told. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly body: Html;
}

export function pageFrame({ title, as, path, object, modules, nonce, facts, body }: PageFrame): string {
  const other = as === 'viewer' ? 'operator' : 'viewer';
  const join = path.includes('?') ? '&' : '?';
  const tabs = Object.entries(pageObjects).map(
    ([name, { plural }]) =>
      html`<li class="slds-context-bar__item ${name === object && 'slds-is-active'}">
        <a
          class="slds-context-bar__label-action"
          href="/?object=${name}&as=${as}"
          ${name === object && html`aria-current="page"`}
          ><span class="slds-truncate">${plural}</span></a
        >
      </li>`,
  );
  const user = { ...pageUsers[as], userId: pageUsers[as].id };
  return html`<!doctype html>
    <html lang="en" class="slds-color-scheme--light">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} | Property Sync</title>
        <link rel="icon" href="/favicon.svg" />
        <link rel="stylesheet" href="/slds.css" />
        <link rel="stylesheet" href="/page.css" />
        <script type="importmap" nonce="${nonce}">
          ${json({ imports: modules })}
        </script>
        <script type="application/json" id="page">
          ${json({ ...facts, as, userId: user.userId, permissions: user.permissions })}
        </script>
        <script type="module" src="/app/app.js"></script>
      </head>
      <body class="slds-scope">
        <header class="slds-context-bar">
          <div class="slds-context-bar__primary">
            <span class="app-name slds-text-heading_small">Property Sync</span>
          </div>
          <nav class="slds-context-bar__secondary" aria-label="App">
            <ul class="slds-grid">
              ${tabs}
            </ul>
          </nav>
          <div class="who">
            <span>${user.name}, ${as}</span>
            <a class="slds-button slds-button_neutral" href="${path}${join}as=${other}">Look as ${other}</a>
            <button class="slds-button slds-button_neutral" id="theme" type="button" aria-pressed="false">
              Dark
            </button>
          </div>
        </header>
        <main>${body}</main>
        <div id="toasts" class="toasts" aria-live="polite"></div>
      </body>
    </html>`.text;
}

/** JSON inside a script element: nothing in it may end the element. */
function json(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}
