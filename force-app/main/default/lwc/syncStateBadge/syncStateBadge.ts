import { LightningElement, api } from 'lwc';
import { faces, type Face } from 'c/syncStates';

/** A state as an icon and a word: its colour says nothing that these do not. */
export default class SyncStateBadge extends LightningElement {
  @api state: Face = 'loading';

  get word(): string {
    return faces[this.state].word;
  }

  get icon(): string {
    return faces[this.state].icon;
  }

  get className(): string {
    return `badge badge_${faces[this.state].tone}`;
  }
}
