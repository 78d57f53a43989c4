import { el, fill, icon } from './dom.js';
import { problemCard } from './problem-card.js';
import { openSheet } from './sheet.js';
import { Problem } from '../problem.js';

/** @import {Api} from '../api.js' */
/** @import {Session} from '../types.js' */

/** Conversations held earlier: to go on with, or to delete. */
export class Sessions {
  #api;
  #actions;

  /**
   * @param {Api} api
   * @param {{open: (id: string) => void, deleted: (id: string) => void, current: () => string|null}} actions
   */
  constructor(api, actions) {
    this.#api = api;
    this.#actions = actions;
  }

  async open() {
    const list = el('ul', { class: 'session-list' }, el('li', { class: 'muted' }, 'Looking for conversations…'));
    const sheet = openSheet('Conversations', 'sessions', list);
    try {
      const sessions = await this.#api.sessions();
      fill(list, ...sessions.map((session) => this.#row(session, sheet, list)));
      if (!sessions.length) fill(list, nothing());
    } catch (error) {
      fill(list, el('li', {}, problemCard(Problem.from(error))));
    }
  }

  /**
   * @param {Session} session
   * @param {HTMLDialogElement} sheet
   * @param {HTMLElement} list
   */
  #row(session, sheet, list) {
    const { id, image, title, turn_count: count = 0, updated, created } = session;
    const name = title || `A picture of ${image.width} × ${image.height}`;
    const tools = el('div', { class: 'session-tools' });
    const row = el(
      'li',
      { class: 'session' },
      el(
        'button',
        { type: 'button', class: 'session-main', on: { click: () => (sheet.close(), this.#actions.open(id)) } },
        el('img', { src: this.#api.thumbnailUrl(image.id), alt: '', loading: 'lazy' }),
        el(
          'span',
          {},
          el('strong', {}, name),
          el(
            'span',
            { class: 'muted' },
            [count === 1 ? '1 question' : `${count} questions`, when(updated ?? created)].filter(Boolean).join(' · '),
          ),
        ),
        this.#actions.current() === id && el('span', { class: 'device' }, 'Open'),
      ),
      tools,
    );
    const rest = () =>
      fill(
        tools,
        el(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': `Delete “${name}”`,
            title: 'Delete',
            on: { click: sure },
          },
          icon('trash'),
        ),
      );
    const sure = () => {
      const yes = el('button', { type: 'button', class: 'button danger', on: { click: remove } }, 'Delete');
      fill(tools, yes, el('button', { type: 'button', class: 'button', on: { click: rest } }, 'Keep'));
      yes.focus();
    };
    const remove = async () => {
      try {
        await this.#api.deleteSession(id);
        row.remove();
        if (!list.children.length) fill(list, nothing());
        this.#actions.deleted(id);
      } catch (error) {
        fill(tools, el('span', { class: 'muted' }, Problem.from(error).title));
      }
    };
    rest();
    return row;
  }
}

function nothing() {
  return el('li', { class: 'muted' }, 'No conversations yet: they are kept here once you have asked something.');
}

/** @param {string} [time] as ISO 8601 */
function when(time) {
  if (!time) return '';
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
