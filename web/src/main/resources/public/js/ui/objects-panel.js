import { candidateNumber, candidates, nameOf, nearMisses } from '../model/result.js';
import { el, fill, icon, iconButton } from './dom.js';
import { objectMain, pointList, renameField } from './object-row.js';

/** @import {Found} from '../types.js' */
/** @import {Workspace} from '../model/workspace.js' */

/**
 * @typedef {object} ObjectActions
 * @property {(key: string, label: string) => void} rename
 * @property {(key: string) => void} remove
 * @property {(key: string) => void} edit
 * @property {(id: string) => void} ask
 * @property {(key: string) => void} show
 * @property {(number: string) => void} choose
 * @property {(key: string) => void} accept
 */

/** Rows that are built at once; a list of thousands grows as it is scrolled to. */
const PAGE = 200;

/** The objects of the answer on the picture: everything that can be seen or done there, without a pointer. */
export class ObjectsPanel {
  #panel;
  #workspace;
  #actions;
  #renaming = '';
  #limit = PAGE;

  /**
   * @param {HTMLElement} panel
   * @param {Workspace} workspace
   * @param {ObjectActions} actions
   */
  constructor(panel, workspace, actions) {
    this.#panel = panel;
    this.#workspace = workspace;
    this.#actions = actions;
    let turn = workspace.shown;
    workspace.on('shown', () => {
      if (workspace.shown === turn) return; // the same answer, corrected
      turn = workspace.shown;
      this.#limit = PAGE;
      this.#renaming = '';
    });
    workspace.on('image shown hidden', () => this.#build());
    workspace.on('view', (change) => ('minScore' in change || 'near' in change) && this.#build());
    workspace.on('turn', (turn) => turn === workspace.shown && this.#build());
    workspace.on('hover selection editing', () => this.#light());
    this.#build();
  }

  /**
   * Opens the name of an object for writing.
   *
   * @param {string} key
   */
  rename(key) {
    this.#renaming = key;
    this.#build();
    const input = /** @type {HTMLInputElement|null} */ (this.#panel.querySelector('.rename'));
    input?.focus();
    input?.select();
  }

  #build() {
    const { shown, view } = this.#workspace;
    const result = shown?.result;
    // Whoever is writing a name is not interrupted by news; the list is built anew when they are done.
    const isNaming = result?.objects.some(({ id }) => `o:${id}` === this.#renaming);
    if (isNaming && this.#panel.querySelector('.rename')) return;
    const held = /** @type {HTMLElement|null} */ (document.activeElement);
    const focused = held && this.#panel.contains(held) ? held.dataset.focus : undefined;
    if (!result) {
      fill(
        this.#panel,
        empty('Nothing here yet', 'Objects of an answer are listed here, with their places and scores.'),
      );
      return;
    }
    const objects = result.objects.filter((found) => (found.score ?? 1) >= view.minScore);
    const open = candidates(result);
    const near = view.near ? nearMisses(result) : [];
    if (!result.objects.length && !open.length && !near.length) {
      fill(this.#panel, empty('No objects', result.answer));
      return;
    }
    const cut = objects.slice(0, this.#limit);
    fill(
      this.#panel,
      result.objects.length > 0 && this.#head(objects, result.objects.length - objects.length),
      el(
        'ol',
        { class: 'object-list' },
        ...cut.map((found) => this.#row(found, String(result.objects.indexOf(found) + 1))),
      ),
      objects.length > cut.length &&
        el(
          'button',
          { type: 'button', class: 'button', on: { click: () => ((this.#limit += PAGE), this.#build()) } },
          `Show ${Math.min(PAGE, objects.length - cut.length)} more of ${objects.length}`,
        ),
      open.length > 0 && el('h3', {}, 'Which one?'),
      open.length > 0 &&
        el(
          'ol',
          { class: 'object-list' },
          ...open.map((found, i) => this.#candidate(found, candidateNumber(found, i))),
        ),
      near.length > 0 && el('h3', {}, 'Also possible'),
      near.length > 0 &&
        el(
          'ol',
          { class: 'object-list' },
          ...near.map((found, i) => this.#plain(found, String.fromCharCode(97 + (i % 26)))),
        ),
    );
    if (focused)
      /** @type {HTMLElement|null} */ (this.#panel.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
    this.#light();
  }

  /**
   * @param {Found[]} objects
   * @param {number} below how many the least score hides
   */
  #head(objects, below) {
    const { hidden, view } = this.#workspace;
    const keys = objects.map(({ id }) => `o:${id}`);
    const allHidden = keys.length > 0 && keys.every((key) => hidden.has(key));
    const toggle = iconButton(
      allHidden ? 'eye-off' : 'eye',
      allHidden ? 'Show all' : 'Hide all',
      () => this.#workspace.hide(keys, !allHidden),
      { 'data-focus': 'all' },
    );
    const slider = el('input', {
      type: 'range',
      min: 0,
      max: 1,
      step: 0.01,
      '.value': view.minScore,
      'aria-label': 'Least score shown',
      data: { focus: 'least' },
      on: { input: () => this.#workspace.setView({ minScore: Number(slider.value) }) },
    });
    const count = objects.length === 1 ? '1 object' : `${objects.length} objects`;
    return el(
      'div',
      { class: 'objects-head' },
      el('strong', {}, count),
      below > 0 && el('span', { class: 'muted' }, `${below} below`),
      el('label', { class: 'least' }, `score ≥ ${view.minScore.toFixed(2)}`, slider),
      toggle,
    );
  }

  /**
   * @param {Found} found
   * @param {string} number
   */
  #row(found, number) {
    const key = `o:${found.id}`;
    const hidden = this.#workspace.hidden.has(key);
    const name = nameOf(found);
    return el(
      'li',
      { class: `object ${hidden ? 'object-hidden' : ''}`, data: { key }, on: this.#pointing(key) },
      this.#renaming === key
        ? this.#renameField(found, number)
        : this.#main(found, number, () => this.#actions.show(key)),
      pointList(found),
      el(
        'div',
        { class: 'object-tools' },
        iconButton(
          hidden ? 'eye-off' : 'eye',
          hidden ? `Show ${name} ${number}` : `Hide ${name} ${number}`,
          () => this.#workspace.hide([key], !hidden),
          { 'data-focus': `eye-${key}` },
        ),
        iconButton('ask', `Ask about ${name} ${number}`, () => this.#actions.ask(found.id), {
          'data-focus': `ask-${key}`,
        }),
        iconButton('pencil', `Rename ${name} ${number}`, () => this.rename(key), { 'data-focus': `name-${key}` }),
        iconButton('polygon', `Change the outline of ${name} ${number}`, () => this.#actions.edit(key), {
          'data-focus': `edit-${key}`,
        }),
        iconButton('trash', `Delete ${name} ${number}`, () => this.#actions.remove(key), {
          'data-focus': `trash-${key}`,
        }),
      ),
    );
  }

  /**
   * @param {Found} found
   * @param {string} number
   */
  #candidate(found, number) {
    const key = `o:${found.id}`;
    return el(
      'li',
      { class: 'object', data: { key }, on: this.#pointing(key) },
      this.#main(found, number, () => this.#actions.choose(number)),
    );
  }

  /**
   * @param {Found} found
   * @param {string} number
   */
  #plain(found, number) {
    const key = `o:${found.id}`;
    return el(
      'li',
      { class: 'object', data: { key }, on: this.#pointing(key) },
      this.#main(found, number, () => this.#actions.show(key)),
      el(
        'div',
        { class: 'object-tools' },
        el(
          'button',
          {
            type: 'button',
            class: 'link-button',
            data: { focus: `accept-${key}` },
            on: { click: () => this.#actions.accept(key) },
          },
          icon('check'),
          'Make it an object',
        ),
      ),
    );
  }

  /**
   * @param {Found} found
   * @param {string} number
   * @param {() => void} click
   */
  #main(found, number, click) {
    return objectMain(found, number, this.#workspace, { click, dblclick: () => this.#actions.edit(`o:${found.id}`) });
  }

  /**
   * @param {Found} found
   * @param {string} number
   */
  #renameField(found, number) {
    const key = `o:${found.id}`;
    return renameField(found, number, this.#workspace.colourOf(found.id), (label) => {
      if (this.#renaming !== key) return;
      this.#renaming = '';
      this.#build();
      /** @type {HTMLElement|null} */ (this.#panel.querySelector(`[data-focus="name-${CSS.escape(key)}"]`))?.focus();
      if (label) this.#actions.rename(key, label);
    });
  }

  /** @param {string} key */
  #pointing(key) {
    const on = () => this.#workspace.point([key]);
    const off = () => this.#workspace.point([]);
    return { pointerenter: on, pointerleave: off, focusin: on, focusout: off };
  }

  #light() {
    const { hover, selection, editing } = this.#workspace;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.#panel.querySelectorAll('.object'))) {
      const key = row.dataset.key ?? '';
      row.classList.toggle('lit', hover.includes(key));
      row.classList.toggle('selected', selection === key);
      row.classList.toggle('editing', editing === key);
      if (selection === key) row.scrollIntoView({ block: 'nearest' });
    }
  }
}

/**
 * @param {string} title
 * @param {string} words
 */
function empty(title, words) {
  return el('div', { class: 'chat-empty' }, icon('layers'), el('h2', {}, title), el('p', {}, words));
}
