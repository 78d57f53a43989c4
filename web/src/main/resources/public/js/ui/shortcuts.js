import { el } from './dom.js';
import { memory } from './memory.js';
import { openSheet } from './sheet.js';

/**
 * @typedef {object} Shortcut
 * @property {string} group
 * @property {string} keys as shown
 * @property {string} words
 * @property {(event: KeyboardEvent) => boolean} [match] none for keys that the picture itself handles
 * @property {(event: KeyboardEvent) => void} [run]
 * @property {boolean} [always] also while writing
 */

/** Keys that work anywhere on the page, and the sheet that names these and the picture's own. */
export class Shortcuts {
  #all;
  #single = memory.get('single-keys') !== 'off';

  /** @param {Shortcut[]} all */
  constructor(all) {
    this.#all = all;
    window.addEventListener('keydown', (e) => this.#key(e));
  }

  open() {
    const groups = [...new Set(this.#all.map(({ group }) => group))];
    const toggle = el('input', {
      type: 'checkbox',
      '.checked': this.#single,
      on: {
        change: () => {
          this.#single = toggle.checked;
          memory.set('single-keys', this.#single ? null : 'off');
        },
      },
    });
    openSheet(
      'Keys and help',
      'help',
      el('div', { class: 'help-groups' }, ...groups.map((group) => this.#group(group))),
      el(
        'label',
        { class: 'setting' },
        el('span', {}, 'Keys without Ctrl work everywhere (else only on the picture)'),
        toggle,
      ),
      el(
        'p',
        { class: 'fine-print' },
        'The same answers come from the REST interface: ',
        el('a', { href: 'docs', target: '_blank', rel: 'noopener' }, 'its documentation'),
        '.',
      ),
    );
  }

  /** @param {string} group */
  #group(group) {
    return el(
      'section',
      {},
      el('h3', {}, group),
      el(
        'dl',
        {},
        ...this.#all
          .filter((shortcut) => shortcut.group === group)
          .map(({ keys, words }) =>
            el(
              'div',
              {},
              el('dt', {}, ...keys.split(' ').map((key) => (key === 'or' ? ' or ' : el('kbd', {}, key)))),
              el('dd', {}, words),
            ),
          ),
      ),
    );
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.defaultPrevented || e.isComposing || document.querySelector('dialog[open], :popover-open')) return;
    const target = /** @type {HTMLElement} */ (e.target);
    const shortcut = this.#all.find(({ match }) => match?.(e));
    if (!shortcut?.run) return;
    if (!shortcut.always) {
      const held = e.ctrlKey || e.metaKey;
      // Letters in a field are writing, and Ctrl+Z there takes back writing.
      if (held ? isTextField(target) : isField(target)) return;
      if (!held && !this.#single && target.id !== 'stage-surface' && target !== document.body) return;
    }
    e.preventDefault();
    shortcut.run(e);
  }
}

/**
 * A key without Ctrl, Alt or Meta.
 *
 * @param {...string} keys
 * @returns {(event: KeyboardEvent) => boolean}
 */
export function plain(...keys) {
  return (e) =>
    !e.ctrlKey && !e.metaKey && !e.altKey && keys.includes(e.key.length === 1 ? e.key.toLowerCase() : e.key);
}

/**
 * A key with Ctrl, or Command on a Mac.
 *
 * @param {string} key
 * @param {boolean} [shift]
 * @returns {(event: KeyboardEvent) => boolean}
 */
export function held(key, shift = false) {
  return (e) => (e.ctrlKey || e.metaKey) && !e.altKey && e.shiftKey === shift && e.key.toLowerCase() === key;
}

/** @param {HTMLElement} node */
function isField(node) {
  return isTextField(node) || node instanceof HTMLSelectElement || node instanceof HTMLInputElement;
}

/** @param {HTMLElement} node */
function isTextField(node) {
  return (
    node instanceof HTMLTextAreaElement ||
    (node instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(node.type))
  );
}
