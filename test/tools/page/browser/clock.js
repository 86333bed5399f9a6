import { page } from './page.js';

// A demo has its own time: what middleware and org call "now" is what the page must call so too.
const offsetMs = page.clockOffsetMs ?? 0;
const RealDate = Date;

if (Math.abs(offsetMs) > 60_000) {
  globalThis.Date = class extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(RealDate.now() + offsetMs);
      else super(...parts);
    }
    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}
