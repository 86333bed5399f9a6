import { SyncError } from '../../middleware/src/errors.ts';

/** Something about the workspace, and whether it was seen to be so. */
export interface Proof {
  readonly about: 'session' | 'functions' | 'source' | 'grants' | 'plans' | 'views' | 'data';
  readonly name: string;
  readonly result: 'proved' | 'refuted' | 'unproved';
  readonly detail: string;
  /** What to do, where it is not proved. */
  readonly action: string | null;
}

export type About = Proof['about'];

export const proved = (about: About, name: string, detail: string): Proof => ({
  about,
  name,
  result: 'proved',
  detail,
  action: null,
});

export const refuted = (about: About, name: string, detail: string, action: string): Proof => ({
  about,
  name,
  result: 'refuted',
  detail,
  action,
});

export const unproved = (about: About, name: string, detail: string, action: string): Proof => ({
  about,
  name,
  result: 'unproved',
  detail,
  action,
});

/** What to do where an object of the product is missing. */
export const applyFirst =
  'Apply the views (PUT /v1/warehouse/views, or the job apply_views of the bundle), then ask again.';

/** The failure of a statement as a `SyncError`; what says that there is no warehouse to ask is thrown on. */
export function asRefusal(error: unknown): SyncError {
  if (
    error instanceof SyncError &&
    error.code !== 'WAREHOUSE_UNAVAILABLE' &&
    error.code !== 'WAREHOUSE_UNAUTHORIZED'
  )
    return error;
  throw error;
}
