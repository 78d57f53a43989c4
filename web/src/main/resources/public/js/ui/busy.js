import { el, icon } from './dom.js';

/** @import {Opening} from '../opening.js' */

/** What is being done while a picture is on its way, how far it is, and the way out of it. */
export class Busy {
  /**
   * @param {HTMLElement} place
   * @param {Opening} opening
   * @param {(words: string) => void} announce
   */
  constructor(place, opening, announce) {
    let said = '';
    const text = el('p');
    const bar = el('progress', { max: 1 });
    const cancel = el(
      'button',
      { type: 'button', class: 'link-button', on: { click: () => opening.cancel() } },
      icon('stop'),
      'Cancel',
    );
    place.append(el('div', { class: 'busy-card' }, text, bar, cancel));
    opening.on('progress', (progress) => {
      place.hidden = progress === null;
      const { words, fraction } = progress ?? { words: '', fraction: null };
      if (words && words !== said) announce(words);
      said = words;
      text.textContent = fraction === null ? words : `${words} (${Math.round(100 * fraction)} %)`;
      bar.setAttribute('aria-label', words);
      if (fraction === null) bar.removeAttribute('value');
      else bar.value = fraction;
    });
  }
}
