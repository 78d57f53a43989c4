import { el, fill, icon } from './dom.js';

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
    opening.on('progress', (progress) => {
      place.hidden = progress === null;
      if (!progress) {
        fill(place);
        said = '';
        return;
      }
      const { words, fraction } = progress;
      if (words !== said) announce((said = words));
      const percent = fraction === null ? '' : ` (${Math.round(100 * fraction)} %)`;
      fill(
        place,
        el(
          'div',
          { class: 'busy-card' },
          el('p', {}, `${words}${percent}`),
          el('progress', { max: 1, ...(fraction === null ? {} : { value: fraction }), 'aria-label': words }),
          el('button', { type: 'button', class: 'link-button', on: { click: () => opening.cancel() } }, icon('stop'), 'Cancel'),
        ),
      );
    });
  }
}
