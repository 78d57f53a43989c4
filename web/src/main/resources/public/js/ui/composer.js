import { candidates, TASKS } from '../model/result.js';
import { requestOf } from '../conversation.js';
import { el, fill, icon, iconButton } from './dom.js';
import { openPanel } from './menu.js';
import { regionKind, renumbered, TOKEN } from './region-words.js';

/** @import {AskOptions, AskRequest, Region} from '../types.js' */
/** @import {Workspace} from '../model/workspace.js' */

/** Where questions are written: words, regions as `#1` in them, a hint of the task, options; Enter asks. */
export class Composer {
  #form;
  #workspace;
  #actions;
  #task = '';
  /** @type {AskOptions} */
  #options = {};
  /** @type {Region[]} */
  #regions = [];
  #text;
  #mirror = el('div', { class: 'composer-mirror', 'aria-hidden': 'true' });
  #chips = el('div', { class: 'region-chips' });
  #ideas = el('div', { class: 'ideas' });
  #tasks = el('div', { class: 'task-chips', role: 'radiogroup', 'aria-label': 'Kind of answer' });
  #send = el('button', { type: 'submit', class: 'send' });
  #settings;
  #state = '-';

  /**
   * @param {HTMLElement} form
   * @param {Workspace} workspace
   * @param {{ask: (request: AskRequest) => void, choose: (number: string) => void, cancel: () => void,
   *     remove: (key: string) => void, adopt: (key: string) => void}} actions
   */
  constructor(form, workspace, actions) {
    this.#form = form;
    this.#workspace = workspace;
    this.#actions = actions;
    this.#text = el('textarea', {
      id: 'question',
      rows: 1,
      class: 'composer-text',
      'aria-label': 'Your question',
      maxlength: 2000,
      spellcheck: 'true',
      enterkeyhint: 'send',
    });
    this.#settings = iconButton('settings', 'Options for the answer', () => this.#openSettings(), {
      'aria-haspopup': 'dialog',
    });
    fill(
      form,
      this.#ideas,
      this.#chips,
      el(
        'div',
        { class: 'composer-row' },
        el('div', { class: 'composer-field' }, this.#mirror, this.#text, this.#settings),
        this.#send,
      ),
      this.#tasks,
    );
    this.#buildTasks();
    form.addEventListener('submit', (e) => {
      e.preventDefault();
      if (workspace.asking) actions.cancel();
      else this.#submit();
    });
    this.#text.addEventListener('input', () => this.#typed());
    this.#text.addEventListener('scroll', () => (this.#mirror.scrollTop = this.#text.scrollTop));
    this.#text.addEventListener('keydown', (e) => this.#key(e));
    workspace.on('regions', () => this.#regionsChanged());
    workspace.on('image turns turn shown', () => this.#refresh());
    workspace.on('image', () => this.#clear());
    this.#refresh();
  }

  focus() {
    this.#text.focus();
  }

  /**
   * Puts words into the field, to be sent or changed by the person.
   *
   * @param {string} words
   * @param {string} [task]
   */
  suggest(words, task = '') {
    this.#text.value = words;
    this.#setTask(task);
    this.#typed();
    this.focus();
  }

  #submit() {
    const text = this.#text.value.trim();
    const { image, regions, openQuestion } = this.#workspace;
    const enough = text || (this.#task && (regions.length > 0 || this.#task === 'caption'));
    if (!image || !enough) {
      this.#text.focus();
      return;
    }
    const options = Object.keys(this.#options).length ? { ...this.#options } : undefined;
    if (openQuestion?.result && /^\d+$/.test(text) && !regions.length && Number(text) <= candidates(openQuestion.result).length) {
      this.#actions.choose(text);
    } else {
      this.#actions.ask(requestOf(text, this.#task, regions, options));
    }
    this.#clear();
  }

  /** The next question starts with nothing: what this one was about stays with its turn. */
  #clear() {
    this.#text.value = '';
    this.#setTask('');
    if (this.#workspace.regions.length) this.#workspace.setRegions([]);
    this.#typed();
  }

  #typed() {
    // The mirror below the text gives region tokens their look; the text itself stays plain and accessible.
    const parts = this.#text.value.split(TOKEN);
    fill(
      this.#mirror,
      ...parts.map((part, i) => (i % 2 ? el('mark', { class: this.#isRegion(part) ? 'token' : '' }, `#${part}`) : part)),
      '\u200b',
    );
    this.#text.style.height = 'auto';
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, 160)}px`;
    this.#showIdeas();
  }

  /** @param {string} number */
  #isRegion(number) {
    return Number(number) >= 1 && Number(number) <= this.#workspace.regions.length;
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      if (!this.#workspace.asking) this.#submit();
    } else if (e.key === 'ArrowUp' && this.#text.value === '') {
      const last = this.#workspace.turns.at(-1);
      if (!last) return;
      e.preventDefault();
      this.suggest(last.instruction, last.task);
    }
  }

  #regionsChanged() {
    const { regions } = this.#workspace;
    const before = this.#regions;
    this.#regions = regions;
    // A new region gets its token where the person was writing; those that moved up keep theirs.
    this.#text.value = renumbered(this.#text.value, before, regions);
    if (regions.length > before.length) {
      regions.forEach((region, i) => before.includes(region) || this.#insert(`#${i + 1}`));
    }
    fill(
      this.#chips,
      ...regions.map((region, i) =>
        el(
          'span',
          { class: 'region-chip' },
          el(
            'button',
            {
              type: 'button',
              class: 'region-chip-name',
              title: `Put #${i + 1} into the question`,
              on: {
                click: () => this.#insert(`#${i + 1}`),
                pointerenter: () => this.#workspace.point([`r:${i}`]),
                pointerleave: () => this.#workspace.point([]),
              },
            },
            icon(regionKind(region)),
            `#${i + 1}`,
          ),
          el(
            'button',
            {
              type: 'button',
              class: 'region-chip-remove',
              'aria-label': `Remove region #${i + 1}`,
              on: { click: () => this.#actions.remove(`r:${i}`) },
            },
            icon('close'),
          ),
        ),
      ),
    );
    this.#typed();
  }

  /** @param {string} token */
  #insert(token) {
    const { value, selectionEnd } = this.#text;
    if (new RegExp(`${token}(?!\\d)`).test(value)) return;
    const before = value.slice(0, selectionEnd);
    const after = value.slice(selectionEnd);
    const glued = `${before}${before && !/\s$/.test(before) ? ' ' : ''}${token}`;
    this.#text.value = `${glued}${after && !/^\s/.test(after) ? ' ' : ''}${after}`;
    this.#text.selectionStart = this.#text.selectionEnd = glued.length;
    this.#typed();
  }

  #buildTasks() {
    for (const { value, title, about } of TASKS) {
      this.#tasks.append(
        el(
          'button',
          {
            type: 'button',
            role: 'radio',
            class: 'task-chip',
            title: about,
            data: { task: value },
            on: { click: () => this.#setTask(value) },
          },
          title,
        ),
      );
    }
    this.#tasks.addEventListener('keydown', (e) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      e.stopPropagation();
      const at = TASKS.findIndex(({ value }) => value === this.#task);
      this.#setTask(TASKS[(at + step + TASKS.length) % TASKS.length].value);
      /** @type {HTMLElement|null} */ (this.#tasks.querySelector('[aria-checked="true"]'))?.focus();
    });
    this.#setTask('');
  }

  /** @param {string} task */
  #setTask(task) {
    this.#task = task;
    for (const chip of /** @type {NodeListOf<HTMLElement>} */ (this.#tasks.querySelectorAll('[role="radio"]'))) {
      const on = chip.dataset.task === task;
      chip.setAttribute('aria-checked', String(on));
      chip.tabIndex = on ? 0 : -1;
    }
  }

  #refresh() {
    const { image, asking, openQuestion } = this.#workspace;
    const state = [image?.id, asking?.key, openQuestion?.key, this.#workspace.turns.length, this.#workspace.shown?.key].join();
    if (state === this.#state) return; // nothing but progress, which comes often
    this.#state = state;
    this.#form.classList.toggle('idle', !image);
    this.#text.disabled = !image;
    this.#send.disabled = !image;
    fill(this.#send, icon(asking ? 'stop' : 'send'), asking ? 'Cancel' : 'Ask');
    this.#send.classList.toggle('cancel', asking !== null);
    this.#text.placeholder = !image
      ? 'Open a picture first'
      : openQuestion && !asking
        ? 'A number, or words that say which'
        : this.#workspace.turns.length
          ? 'Go on, as in “segment it”'
          : 'What do you want to find or know?';
    this.#showIdeas();
  }

  /** Things to say next: what the picture's gallery entry suggests, or what can be done with a marked region. */
  #showIdeas() {
    const { image, regions, shown, turns, suggestions } = this.#workspace;
    const text = this.#text.value.trim();
    /** @type {string[]} */
    let ideas = [];
    if (image && regions.length && /^(#\d+\s*)*$/.test(text)) {
      const token = `#${regions.length}`;
      ideas = [`Describe ${token}`, `What is ${token}?`, `Segment ${token}`];
    } else if (image && !turns.length && !text) {
      ideas = suggestions.length ? suggestions : ['Describe the picture'];
    }
    const last = regions.length - 1;
    const region = regions[last];
    const adopts = ideas.length > 0 && region && shown?.result && !('point' in region) && !('object' in region);
    fill(
      this.#ideas,
      ...ideas.map((words) => idea(words, () => (this.suggest(words), this.#submit()))),
      adopts && idea(`Add #${last + 1} to the objects`, () => this.#actions.adopt(`r:${last}`)),
    );
  }

  #openSettings() {
    const options = this.#options;
    const set = (/** @type {keyof AskOptions} */ name, /** @type {any} */ value) => {
      if (value === null) delete options[name];
      else Object.assign(options, { [name]: value });
      this.#settings.classList.toggle('on', Object.keys(options).length > 0);
    };
    const number = (/** @type {'max_objects'|'min_score'|'seed'} */ name, /** @type {string} */ title, /** @type {Record<string, any>} */ limits) =>
      el(
        'label',
        { class: 'setting' },
        el('span', {}, title),
        el('input', {
          type: 'number',
          ...limits,
          '.value': options[name] ?? '',
          on: {
            input: (/** @type {Event} */ e) => {
              const input = /** @type {HTMLInputElement} */ (e.target);
              set(name, input.value !== '' && input.validity.valid ? Number(input.value) : null);
            },
          },
        }),
      );
    const check = (/** @type {'masks'|'verify'} */ name, /** @type {any} */ value, /** @type {string} */ title) =>
      el(
        'label',
        { class: 'setting' },
        el('span', {}, title),
        el('input', {
          type: 'checkbox',
          '.checked': options[name] !== undefined,
          on: { change: (/** @type {Event} */ e) => set(name, /** @type {HTMLInputElement} */ (e.target).checked ? value : null) },
        }),
      );
    const panel = el(
      'div',
      { class: 'settings' },
      check('verify', 'cycle', 'Check answers: describe each object, then find it again by that'),
      check('masks', true, 'Outlines, whatever the question'),
      number('min_score', 'Least score', { min: 0, max: 1, step: 0.05, placeholder: '0.5' }),
      number('max_objects', 'Most objects', { min: 1, max: 1000, step: 1, placeholder: '100' }),
      number('seed', 'Seed', { min: 0, step: 1, placeholder: '0' }),
    );
    openPanel(this.#settings, panel, { label: 'Options for the answer', end: true });
  }
}

/**
 * @param {string} words
 * @param {() => void} click
 */
function idea(words, click) {
  return el('button', { type: 'button', class: 'idea', on: { click } }, words);
}
