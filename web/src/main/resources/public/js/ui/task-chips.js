import { TASKS } from '../model/result.js';
import { el } from './dom.js';

/** The kinds of answers, one of them chosen: a hint for the next question, not a mode. */
export class TaskChips {
  element = el('div', { class: 'task-chips', role: 'radiogroup', 'aria-label': 'Kind of answer' });
  task = '';

  constructor() {
    for (const { value, title, about } of TASKS) {
      this.element.append(
        el(
          'button',
          {
            type: 'button',
            role: 'radio',
            class: 'task-chip',
            title: about,
            data: { task: value },
            on: { click: () => this.choose(value) },
          },
          title,
        ),
      );
    }
    this.element.addEventListener('keydown', (e) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      e.stopPropagation();
      const at = TASKS.findIndex(({ value }) => value === this.task);
      this.choose(TASKS[(at + step + TASKS.length) % TASKS.length].value);
      /** @type {HTMLElement|null} */ (this.element.querySelector('[aria-checked="true"]'))?.focus();
    });
    this.choose('');
  }

  /** @param {string} task empty for none */
  choose(task) {
    this.task = task;
    for (const chip of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll('[role="radio"]'))) {
      const on = chip.dataset.task === task;
      chip.setAttribute('aria-checked', String(on));
      chip.tabIndex = on ? 0 : -1;
    }
  }
}
