import { fill, icon } from './dom.js';
import { memory } from './memory.js';

const THEMES = /** @type {const} */ ([
  { name: 'system', icon: 'system', words: 'as the system' },
  { name: 'light', icon: 'sun', words: 'light' },
  { name: 'dark', icon: 'moon', words: 'dark' },
]);

/** Light, dark, or as the system has it; the choice is remembered. */
export class Theme {
  #button;
  #announce;
  #index;

  /**
   * @param {HTMLElement} button
   * @param {(words: string) => void} announce
   */
  constructor(button, announce) {
    this.#button = button;
    this.#announce = announce;
    this.#index = Math.max(
      0,
      THEMES.findIndex(({ name }) => name === memory.get('theme')),
    );
    button.addEventListener('click', () => this.next());
    this.#show();
  }

  next() {
    this.#index = (this.#index + 1) % THEMES.length;
    const { name, words } = THEMES[this.#index];
    memory.set('theme', name === 'system' ? null : name);
    if (name === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    this.#show();
    this.#announce(`Colours: ${words}`);
  }

  #show() {
    const { icon: name, words } = THEMES[this.#index];
    fill(this.#button, icon(name));
    this.#button.title = `Colours: ${words}`;
    this.#button.setAttribute('aria-label', `Colours: ${words}. Change`);
  }
}
