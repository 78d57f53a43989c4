import { taskTitle } from '../model/result.js';
import { answerCard } from './answer-card.js';
import { el, fill, icon } from './dom.js';
import { problemCard } from './problem-card.js';
import { regionKind, TOKEN } from './region-words.js';

/** @import {Turn, Workspace} from '../model/workspace.js' */
/** @import {CardActions} from './answer-card.js' */

/**
 * @typedef {object} ChatActions
 * @property {() => void} cancel
 * @property {(turn: Turn) => void} retry
 */

/** The conversation: each turn is the question and what became of it. */
export class Chat {
  #panel;
  #workspace;
  #actions;
  #list = el('ol', { class: 'turns' });
  #empty = el('div', { class: 'chat-empty' });
  /** @type {Map<string, HTMLElement>} */
  #items = new Map();
  #clock = 0;
  #atEnd = true;

  /**
   * @param {HTMLElement} panel
   * @param {Workspace} workspace
   * @param {ChatActions & CardActions} actions
   */
  constructor(panel, workspace, actions) {
    this.#panel = panel;
    this.#workspace = workspace;
    this.#actions = actions;
    fill(panel, this.#empty, this.#list);
    workspace.on('image turns', () => this.#build());
    workspace.on('turn', (turn) => this.#update(turn));
    workspace.on('shown hidden', () => workspace.turns.forEach((turn) => this.#update(turn)));
    workspace.on('view', (change) => 'near' in change && workspace.shown && this.#update(workspace.shown));
    workspace.on('hover selection', () => this.#light());
    // Whoever is at the end stays there when the panel's or an answer's height changes; whoever reads further up is left alone.
    panel.addEventListener('scroll', () => {
      this.#atEnd = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 40;
    });
    const stay = new ResizeObserver(() => this.#atEnd && this.#scrollToEnd());
    stay.observe(panel);
    stay.observe(this.#list);
    this.#build();
  }

  #build() {
    const { image, turns } = this.#workspace;
    const keys = new Set(turns.map(({ key }) => key));
    for (const key of this.#items.keys()) if (!keys.has(key)) this.#items.delete(key);
    for (const turn of turns) {
      if (!this.#items.has(turn.key)) {
        this.#items.set(turn.key, el('li', { class: 'turn', data: { turn: turn.key } }));
        this.#update(turn);
      }
    }
    fill(this.#list, ...turns.map(({ key }) => this.#items.get(key)));
    this.#empty.hidden = turns.length > 0;
    fill(this.#empty, ...(image ? howToAsk() : howToBegin()));
    this.#tick();
    if (turns.at(-1)?.state === 'asking') this.#atEnd = true; // whoever asks wants to see the answer
    if (this.#atEnd) this.#scrollToEnd();
  }

  /** @param {Turn} turn */
  #update(turn) {
    const item = this.#items.get(turn.key);
    if (!item) return;
    if (turn.state === 'asking' && item.querySelector('.progress')) {
      showProgress(item, turn);
      return;
    }
    const focused = /** @type {HTMLElement|null} */ (
      item.contains(document.activeElement) ? document.activeElement : null
    )?.dataset.focus;
    const isShown = this.#workspace.shown === turn;
    item.classList.toggle('shown', isShown);
    fill(item, question(turn), this.#answer(turn, isShown));
    // Rebuilding must not throw whoever walks by keyboard out of the card.
    if (focused) /** @type {HTMLElement|null} */ (item.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
    this.#light();
    this.#tick();
  }

  /**
   * @param {Turn} turn
   * @param {boolean} isShown
   */
  #answer(turn, isShown) {
    switch (turn.state) {
      case 'asking':
        return this.#progress(turn);
      case 'cancelled':
        return el('div', { class: 'answer muted' }, 'Cancelled. ', this.#retryButton(turn));
      case 'failed':
        return turn.problem && problemCard(turn.problem, this.#retryButton(turn));
      default:
        return answerCard(turn, isShown, this.#workspace, this.#actions);
    }
  }

  /** @param {Turn} turn */
  #retryButton(turn) {
    return el(
      'button',
      { type: 'button', class: 'link-button', on: { click: () => this.#actions.retry(turn) } },
      icon('retry'),
      'Ask again',
    );
  }

  /** @param {Turn} turn */
  #progress(turn) {
    const card = el(
      'div',
      { class: 'answer progress' },
      el(
        'p',
        { class: 'progress-words' },
        el('span', { class: 'stage-words' }),
        el('span', { class: 'elapsed', data: { started: turn.started } }),
      ),
      el('progress', { max: 1 }),
      el(
        'button',
        {
          type: 'button',
          class: 'link-button',
          data: { focus: 'cancel' },
          on: { click: () => this.#actions.cancel() },
        },
        icon('stop'),
        'Cancel',
      ),
    );
    showProgress(card, turn);
    return card;
  }

  /** Seconds next to a running question, so that waiting can be told from standing still. */
  #tick() {
    clearInterval(this.#clock);
    const show = () => {
      for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.#list.querySelectorAll('.elapsed'))) {
        const seconds = Math.floor((performance.now() - Number(node.dataset.started)) / 1000);
        node.textContent = seconds >= 2 ? `${seconds} s` : '';
      }
    };
    if (this.#workspace.asking) this.#clock = window.setInterval(show, 500);
    show();
  }

  #light() {
    const { hover, selection } = this.#workspace;
    const lit = new Set(selection ? [...hover, selection] : hover);
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.#list.querySelectorAll('[data-keys]'))) {
      const inShown = node.closest('.turn')?.classList.contains('shown');
      const keys = (node.dataset.keys ?? '').split(' ');
      node.classList.toggle('lit', Boolean(inShown) && keys.some((key) => lit.has(key)));
    }
  }

  #scrollToEnd() {
    this.#panel.scrollTop = this.#panel.scrollHeight;
  }
}

/** @param {Turn} turn */
function question({ instruction, regions, task }) {
  const words = instruction || taskTitle(task);
  const parts = words.split(TOKEN);
  const hint = task && el('span', { class: 'asked-task' }, taskTitle(task));
  const named = parts.map((part, i) => (i % 2 ? el('span', { class: 'token' }, `#${part}`) : part));
  const chips = regions.map((region, i) =>
    words.includes(`#${i + 1}`) ? null : el('span', { class: 'token' }, icon(regionKind(region)), `#${i + 1}`),
  );
  return el(
    'p',
    { class: 'question' },
    el('span', { class: 'visually-hidden' }, 'You asked: '),
    ...named,
    ...chips,
    hint,
  );
}

function howToBegin() {
  return [
    el('h2', {}, 'Ask about a picture'),
    el(
      'p',
      {},
      'Open a picture of yours or one of the gallery. Then say in plain words what you want to find or know.',
    ),
  ];
}

function howToAsk() {
  return [
    el('h2', {}, 'Ask in plain words'),
    el(
      'ul',
      { class: 'how' },
      how('Find', '“the red circle left of the star”, “all cells”, “how many cups are there?”'),
      how('Outline', '“segment the lesion”, “the outline of the chair”'),
      how('Points', '“where is her left wrist?”'),
      how(
        'Describe',
        'mark a place with ',
        el('kbd', {}, 'B'),
        ', ',
        el('kbd', {}, 'P'),
        ' or ',
        el('kbd', {}, 'L'),
        ' and ask “what is #1?”',
      ),
    ),
  ];
}

/**
 * @param {string} title
 * @param {...(Node|string)} words
 */
function how(title, ...words) {
  return el('li', {}, el('strong', {}, title), el('span', {}, ...words));
}

/**
 * Progress comes many times a second: it changes the card, and does not make a new one under the pointer.
 *
 * @param {HTMLElement} card
 * @param {Turn} turn
 */
function showProgress(card, { progress }) {
  const words = sentence(progress?.words || 'waiting for the model');
  const bar = card.querySelector('progress');
  const text = card.querySelector('.stage-words');
  if (text && text.textContent !== words) text.textContent = words;
  if (!bar) return;
  bar.setAttribute('aria-label', words);
  if (progress?.fraction == null) bar.removeAttribute('value');
  else bar.value = progress.fraction;
}

/** @param {string} words */
function sentence(words) {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
