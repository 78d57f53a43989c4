import { candidates } from '../model/result.js';
import { requestOf } from '../conversation.js';
import { AnswerOptions } from './answer-options.js';
import { el, fill, icon } from './dom.js';
import { regionKind, renumbered, TOKEN } from './region-words.js';
import { TaskChips } from './task-chips.js';

/** @import {AskRequest, Region} from '../types.js' */
/** @import {Workspace} from '../model/workspace.js' */

/** Where questions are written: words, regions as `#1` in them, a hint of the task, options; Enter asks. */
export class Composer {
  #form;
  #workspace;
  #actions;
  #options = new AnswerOptions();
  /** @type {Region[]} */
  #regions = [];
  #text;
  #mirror = el('div', { class: 'composer-mirror', 'aria-hidden': 'true' });
  #chips = el('div', { class: 'region-chips' });
  #ideas = el('div', { class: 'ideas' });
  #tasks = new TaskChips();
  #send = el('button', { type: 'submit', class: 'send' });
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
    fill(
      form,
      this.#ideas,
      this.#chips,
      el(
        'div',
        { class: 'composer-row' },
        el('div', { class: 'composer-field' }, this.#mirror, this.#text, this.#options.button),
        this.#send,
      ),
      this.#tasks.element,
    );
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
    this.#tasks.choose(task);
    this.#typed();
    this.focus();
  }

  #submit() {
    const text = this.#text.value.trim();
    const { image, regions, openQuestion } = this.#workspace;
    const { task } = this.#tasks;
    const enough = text || (task && (regions.length > 0 || task === 'caption'));
    if (!image || !enough) {
      this.#text.focus();
      return;
    }
    if (
      openQuestion?.result &&
      /^\d+$/.test(text) &&
      !regions.length &&
      Number(text) <= candidates(openQuestion.result).length
    ) {
      this.#actions.choose(text);
    } else {
      this.#actions.ask(requestOf(text, task, regions, this.#options.values));
    }
    this.#clear();
  }

  /** The next question starts with nothing: what this one was about stays with its turn. */
  #clear() {
    this.#text.value = '';
    this.#tasks.choose('');
    if (this.#workspace.regions.length) this.#workspace.setRegions([]);
    this.#typed();
  }

  #typed() {
    // The mirror below the text gives region tokens their look; the text itself stays plain and accessible.
    const parts = this.#text.value.split(TOKEN);
    fill(
      this.#mirror,
      ...parts.map((part, i) =>
        i % 2 ? el('mark', { class: this.#isRegion(part) ? 'token' : '' }, `#${part}`) : part,
      ),
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

  #refresh() {
    const { image, asking, openQuestion } = this.#workspace;
    const state = [
      image?.id,
      asking?.key,
      openQuestion?.key,
      this.#workspace.turns.length,
      this.#workspace.shown?.key,
    ].join();
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
}

/**
 * @param {string} words
 * @param {() => void} click
 */
function idea(words, click) {
  return el('button', { type: 'button', class: 'idea', on: { click } }, words);
}
