/** Business time (docs/domain.md §7). It stands still, or is set to the scenario's day, in tests and demos. */
export interface Clock {
  now(): Date;
}
