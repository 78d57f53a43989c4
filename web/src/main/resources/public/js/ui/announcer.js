import { byId } from './dom.js';

/** Says things to those who listen instead of look, through the page's live region. */
export class Announcer {
  #region = byId('announcer');
  #pending = 0;

  /** @param {string} words */
  say(words) {
    // The region is emptied first: the same words twice would otherwise be said once.
    this.#region.textContent = '';
    clearTimeout(this.#pending);
    this.#pending = window.setTimeout(() => (this.#region.textContent = words), 60);
  }
}
