import { Emitter } from '../emitter.js';
import { ColourBook } from './colours.js';
import { candidates } from './result.js';

/** @import {AskOptions, Found, ImageInfo, Progress, Region, Result} from '../types.js' */
/** @import {Problem} from '../problem.js' */
/** @import {Shape} from './shape.js' */

/**
 * @typedef {object} Turn a question and what became of it
 * @property {string} key of this page
 * @property {number|null} n the server's number, once it answered
 * @property {string} instruction
 * @property {string} task hint, empty for none
 * @property {Region[]} regions
 * @property {AskOptions} options
 * @property {'asking'|'done'|'failed'|'cancelled'} state
 * @property {Progress|null} progress
 * @property {number} started in milliseconds
 * @property {Result|null} result
 * @property {Problem|null} problem
 *
 * @typedef {ImageInfo & {name: string}} OpenImage
 * @typedef {'select'|'box'|'point'|'polygon'} ToolName
 * @typedef {{overlay: boolean, labels: boolean, dim: boolean, near: boolean, opacity: number, minScore: number}} View
 */

/**
 * What lies on the desk: the picture, the turns, what is shown, marked and pointed at. Holds no DOM and no network;
 * every change goes through a method and is told by an event of the name in brackets:
 * image, session, turns, turn (one changed, the turn is the detail), shown, regions, selection, hover, hidden, view, tool, editing,
 * draft.
 *
 * Things on the picture go by keys: `o:<id>` what a result names, `r:<index>` regions for the next question, `t:<index>`
 * regions of the turn shown.
 */
export class Workspace extends Emitter {
  /** @type {OpenImage|null} */ image = null;
  /** @type {string|null} */ sessionId = null;
  /** @type {Turn[]} */ turns = [];
  /** @type {Turn|null} */ shown = null;
  /** @type {Region[]} */ regions = [];
  /** @type {string|null} */ selection = null;
  /** @type {string[]} */ hover = [];
  /** @type {Set<string>} */ hidden = new Set();
  /** @type {View} */ view = { overlay: true, labels: true, dim: false, near: false, opacity: 0.25, minScore: 0 };
  /** @type {ToolName} */ tool = 'select';
  /** The thing whose handles are out. @type {string|null} */ editing = null;
  /** The shape that a hand is giving to a thing just now. @type {{key: string, shape: Shape}|null} */ draft = null;
  /** Suggestions for the open picture. @type {string[]} */ suggestions = [];

  #colours = new ColourBook();

  /**
   * Clears the desk for another picture (or none).
   *
   * @param {OpenImage|null} image
   * @param {string[]} [suggestions]
   */
  open(image, suggestions = []) {
    this.image = image;
    this.suggestions = suggestions;
    this.sessionId = null;
    this.turns = [];
    this.shown = null;
    this.regions = [];
    this.selection = null;
    this.hover = [];
    this.hidden = new Set();
    this.editing = null;
    this.draft = null;
    this.tool = 'select';
    this.#colours = new ColourBook();
    for (const name of [
      'image',
      'session',
      'turns',
      'shown',
      'regions',
      'selection',
      'hover',
      'hidden',
      'tool',
      'draft',
      'editing',
    ]) {
      this.emit(name);
    }
  }

  /** @param {string} id of the conversation on the server */
  enterSession(id) {
    this.sessionId = id;
    this.emit('session');
  }

  /** @param {Turn} turn */
  addTurn(turn) {
    this.turns.push(turn);
    this.emit('turns');
  }

  /** @param {Turn} turn */
  removeTurn(turn) {
    this.turns = this.turns.filter((other) => other !== turn);
    if (this.shown === turn) this.show(this.turns.findLast((other) => other.result) ?? null);
    this.emit('turns');
  }

  /**
   * @param {Turn} turn
   * @param {Partial<Turn>} change
   */
  changeTurn(turn, change) {
    Object.assign(turn, change);
    this.emit('turn', turn);
    if (change.result && this.shown === turn) {
      if (this.selection?.startsWith('o:') && !findIn(change.result, this.selection.slice(2))) this.select(null);
      this.emit('shown');
    }
  }

  /** @param {Turn|null} turn whose answer lies on the picture */
  show(turn) {
    if (this.shown === turn) return;
    this.shown = turn;
    this.hidden = new Set();
    this.hover = [];
    this.view.near = false;
    this.edit(null);
    if (this.selection && !this.selection.startsWith('r:')) this.select(null);
    this.emit('shown');
    this.emit('hidden');
    this.emit('hover');
  }

  /** @param {Region[]} regions */
  setRegions(regions) {
    this.regions = regions;
    if (this.selection?.startsWith('r:') && Number(this.selection.slice(2)) >= regions.length) this.select(null);
    this.emit('regions');
  }

  /** @param {string|null} key */
  select(key) {
    if (this.selection === key) return;
    this.selection = key;
    if (this.editing && this.editing !== key) this.edit(null);
    this.emit('selection');
  }

  /** @param {string[]} keys */
  point(keys) {
    if (keys.join() === this.hover.join()) return;
    this.hover = keys;
    this.emit('hover');
  }

  /**
   * @param {string[]} keys
   * @param {boolean} hidden
   */
  hide(keys, hidden) {
    for (const key of keys) {
      if (hidden) this.hidden.add(key);
      else this.hidden.delete(key);
    }
    this.emit('hidden');
  }

  /** @param {Partial<View>} change */
  setView(change) {
    Object.assign(this.view, change);
    this.emit('view', change);
  }

  /** @param {ToolName} tool */
  setTool(tool) {
    if (this.tool === tool) return;
    this.tool = tool;
    if (tool !== 'select') this.edit(null);
    this.emit('tool');
  }

  /** @param {{key: string, shape: Shape}|null} draft */
  sketch(draft) {
    if (!draft && !this.draft) return;
    this.draft = draft;
    this.emit('draft');
  }

  /** @param {string|null} key */
  edit(key) {
    if (this.editing === key) return;
    this.editing = key;
    if (key) this.select(key);
    this.emit('editing');
  }

  /** The turn that is being answered now. */
  get asking() {
    return this.turns.find(({ state }) => state === 'asking') ?? null;
  }

  /** The question that waits for a choice: only the newest turn can, an older one has been passed over. */
  get openQuestion() {
    const last = this.turns.findLast(({ state }) => state === 'done' || state === 'asking');
    return last?.result && candidates(last.result).length ? last : null;
  }

  /** @param {string} id of an object */
  colourOf(id) {
    return this.#colours.of(id);
  }

  /**
   * An object as the newest turn that names it has it.
   *
   * @param {string} id
   * @returns {Found|null}
   */
  find(id) {
    for (const { result } of [this.shown, ...this.turns.toReversed()].filter((turn) => turn !== null)) {
      const found = result && findIn(result, id);
      if (found) return found;
    }
    return null;
  }
}

/**
 * @param {Result} result
 * @param {string} id
 */
function findIn(result, id) {
  return [...result.objects, ...(result.alternatives ?? [])].find((found) => found.id === id) ?? null;
}
