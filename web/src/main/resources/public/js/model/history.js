import { Emitter } from '../emitter.js';

/**
 * @typedef {object} Step something a person did and can take back
 * @property {string} words what was done, e.g. "Move dog"
 * @property {string} topic what it is about
 * @property {() => void} redo
 * @property {() => void} undo
 */

/** Undo and redo. Emits `change`. */
export class History extends Emitter {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];

  get undoable() {
    return this.#done.at(-1)?.words ?? null;
  }

  get redoable() {
    return this.#undone.at(-1)?.words ?? null;
  }

  /**
   * Does a step and remembers it.
   *
   * @param {Step} step
   */
  run(step) {
    step.redo();
    this.#done.push(step);
    this.#undone = [];
    this.emit('change');
  }

  /** @returns {string|null} what was taken back */
  undo() {
    const step = this.#done.pop();
    if (!step) return null;
    step.undo();
    this.#undone.push(step);
    this.emit('change');
    return step.words;
  }

  /** @returns {string|null} what was done again */
  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    step.redo();
    this.#done.push(step);
    this.emit('change');
    return step.words;
  }

  /**
   * Forgets the steps about something that is settled.
   *
   * @param {string} topic
   */
  forget(topic) {
    this.#done = this.#done.filter((step) => step.topic !== topic);
    this.#undone = this.#undone.filter((step) => step.topic !== topic);
    this.emit('change');
  }

  /** Forgets everything: another picture is open, or the server refused a step. */
  clear() {
    this.#done = [];
    this.#undone = [];
    this.emit('change');
  }
}
