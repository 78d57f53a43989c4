import { el, iconButton } from './dom.js';
import { openPanel } from './menu.js';

/** @import {AskOptions} from '../types.js' */

/** How answers are wanted, for all questions from now on; what is left alone is not sent. */
export class AnswerOptions {
  /** @type {AskOptions} */
  values = {};
  button = iconButton('settings', 'Options for the answer', () => this.#open(), { 'aria-haspopup': 'dialog' });

  #open() {
    const panel = el(
      'div',
      { class: 'settings' },
      this.#check('verify', 'cycle', 'Check answers: describe each object, then find it again by that'),
      this.#check('masks', true, 'Outlines, whatever the question'),
      this.#number('min_score', 'Least score', { min: 0, max: 1, step: 0.05, placeholder: '0.5' }),
      this.#number('max_objects', 'Most objects', { min: 1, max: 1000, step: 1, placeholder: '100' }),
      this.#number('seed', 'Seed', { min: 0, step: 1, placeholder: '0' }),
    );
    openPanel(this.button, panel, { label: 'Options for the answer', end: true });
  }

  /**
   * @param {'max_objects'|'min_score'|'seed'} name
   * @param {string} title
   * @param {Record<string, any>} limits
   */
  #number(name, title, limits) {
    const input = el('input', {
      type: 'number',
      ...limits,
      '.value': this.values[name] ?? '',
      on: {
        input: () => this.#set(name, input.value !== '' && input.validity.valid ? Number(input.value) : undefined),
      },
    });
    return el('label', { class: 'setting' }, el('span', {}, title), input);
  }

  /**
   * @param {'masks'|'verify'} name
   * @param {any} value when checked
   * @param {string} title
   */
  #check(name, value, title) {
    const input = el('input', {
      type: 'checkbox',
      '.checked': this.values[name] !== undefined,
      on: { change: () => this.#set(name, input.checked ? value : undefined) },
    });
    return el('label', { class: 'setting' }, el('span', {}, title), input);
  }

  /**
   * @param {keyof AskOptions} name
   * @param {any} value undefined for none
   */
  #set(name, value) {
    const { [name]: _, ...others } = this.values;
    this.values = value === undefined ? others : { ...others, [name]: value };
    this.button.classList.toggle('on', Object.keys(this.values).length > 0);
  }
}
