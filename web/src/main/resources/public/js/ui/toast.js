import { byId, el, icon } from './dom.js';

/** @import {Problem} from '../problem.js' */

const STAY = 6000;

/** Short news at the lower edge, with at most one thing to do about it. */
export class Toasts {
  #rack = byId('toasts');
  #announce;

  /** @param {(words: string) => void} announce */
  constructor(announce) {
    this.#announce = announce;
  }

  /**
   * @param {string} words
   * @param {{title: string, run: () => void}} [action]
   */
  tell(words, action) {
    this.#show('toast', STAY, el('span', {}, words), action);
    this.#announce(words);
  }

  /** @param {Problem} problem */
  fail(problem) {
    this.#announce(`${problem.title}. ${problem.detail} ${problem.hint}`);
    const text = el(
      'span',
      {},
      el('strong', {}, problem.title),
      problem.detail && el('span', { class: 'toast-line' }, problem.detail),
      problem.hint && el('span', { class: 'toast-line' }, problem.hint),
    );
    this.#show('toast toast-bad', 3 * STAY, text);
  }

  /**
   * @param {string} kind
   * @param {number} stay
   * @param {HTMLElement} text
   * @param {{title: string, run: () => void}} [action]
   */
  #show(kind, stay, text, action) {
    const close = () => toast.remove();
    const toast = el(
      'div',
      { class: kind },
      text,
      action &&
        el(
          'button',
          { type: 'button', class: 'link-button', on: { click: () => (action.run(), close()) } },
          action.title,
        ),
      el(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', on: { click: close } },
        icon('close'),
      ),
    );
    this.#rack.append(toast);
    while (this.#rack.children.length > 3) this.#rack.firstElementChild?.remove();
    let timer = window.setTimeout(close, stay);
    // Whoever reads or reaches for it keeps it.
    toast.addEventListener('pointerenter', () => clearTimeout(timer));
    toast.addEventListener('focusin', () => clearTimeout(timer));
    toast.addEventListener('pointerleave', () => (timer = window.setTimeout(close, STAY)));
  }
}
