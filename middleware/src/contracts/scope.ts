/** What an API key may do. Every key may read; `admin` may do everything. */
export const scopes = ['read', 'resync', 'operate', 'approve', 'admin'] as const;
export type Scope = (typeof scopes)[number];
