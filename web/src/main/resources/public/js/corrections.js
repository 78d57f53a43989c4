import { corrected, nameOf } from './model/result.js';
import { patchOfShape, regionOfShape, shapeOfRegion } from './model/shape.js';
import { Problem } from './problem.js';

/** @import {Api} from './api.js' */
/** @import {Patch, Region, Result} from './types.js' */
/** @import {History} from './model/history.js' */
/** @import {Shape} from './model/shape.js' */
/** @import {Turn, Workspace} from './model/workspace.js' */

/**
 * What a person changes by hand: results, sent to the server as corrections one after the other, and regions of the
 * next question, which are only theirs. Both can be undone. A change shows at once; where the server refuses it, what
 * the server holds is shown again and the history starts anew.
 */
export class Corrections {
  #api;
  #workspace;
  #history;
  #fail;
  #waiting = 0;
  #queue = Promise.resolve();

  /**
   * @param {Api} api
   * @param {Workspace} workspace
   * @param {History} history
   * @param {(problem: Problem) => void} fail
   */
  constructor(api, workspace, history, fail) {
    this.#api = api;
    this.#workspace = workspace;
    this.#history = history;
    this.#fail = fail;
    workspace.on('image', () => history.clear());
    // Regions that have been asked about belong to their turn and are drawn no more.
    workspace.on('turns', () => workspace.asking && history.forget('regions'));
  }

  /**
   * @param {string} key as in Workspace
   * @param {Shape} shape
   * @param {string} words what is done, without its object
   */
  reshape(key, shape, words) {
    const [kind, id] = split(key);
    if (kind === 'r') {
      const regions = this.#workspace.regions.map((region, i) => (String(i) === id ? regionOfShape(shape) : region));
      this.#setRegions(regions, `${words} region #${Number(id) + 1}`);
    } else if (kind === 'o') {
      this.#correct(id, patchOfShape(shape), words);
    }
  }

  /** @param {string} key */
  remove(key) {
    const [kind, id] = split(key);
    if (kind === 'r') {
      const regions = this.#workspace.regions.filter((_, i) => String(i) !== id);
      this.#setRegions(regions, `Remove region #${Number(id) + 1}`);
    } else if (kind === 'o') {
      this.#correct(id, { deleted: true }, 'Delete');
    }
  }

  /**
   * Makes an alternative one of the objects.
   *
   * @param {string} key
   */
  accept(key) {
    const [, id] = split(key);
    const found = this.#workspace.find(id);
    if (found) this.#correct(id, { label: nameOf(found) }, 'Accept');
  }

  /**
   * Makes a region an object of the answer shown: one that the model has missed.
   *
   * @param {string} key
   * @returns {string|null} the object's key
   */
  adopt(key) {
    const [, index] = split(key);
    const region = this.#workspace.regions[Number(index)];
    const shape = region && shapeOfRegion(region, this.#workspace);
    if (!shape || shape.kind === 'point') return null;
    const id = `u-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
    if (!this.#correct(id, patchOfShape(shape), 'Add')) return null;
    this.#workspace.setRegions(this.#workspace.regions.filter((other) => other !== region));
    this.#history.forget('regions');
    return `o:${id}`;
  }

  /**
   * @param {string} key
   * @param {string} label
   */
  rename(key, label) {
    const [kind, id] = split(key);
    const now = this.#workspace.shown?.result?.objects.find((object) => object.id === id);
    if (kind === 'o' && label && now && label !== now.label) this.#correct(id, { label }, 'Rename');
  }

  /** @param {Region} region a drawn one, or an object to ask about */
  addRegion(region) {
    const { regions } = this.#workspace;
    if ('object' in region && regions.some((other) => 'object' in other && other.object === region.object)) return;
    this.#setRegions([...regions, region], `Mark region #${regions.length + 1}`);
  }

  /**
   * @param {Region[]} regions
   * @param {string} words
   */
  #setRegions(regions, words) {
    const before = this.#workspace.regions;
    this.#history.run({
      words,
      topic: 'regions',
      redo: () => this.#workspace.setRegions(regions),
      undo: () => this.#workspace.setRegions(before),
    });
  }

  /**
   * @param {string} id
   * @param {Patch} patch
   * @param {string} words
   * @returns {boolean} whether there is an answer to correct
   */
  #correct(id, patch, words) {
    const { sessionId, shown: turn } = this.#workspace;
    if (!turn?.result || turn.n === null || !sessionId) return false;
    const n = turn.n;
    const object = this.#workspace.find(id);
    /** @type {Result|null} */
    let before = null;
    this.#history.run({
      words: `${words} ${object ? nameOf(object) : 'an object'}`,
      topic: 'results',
      redo: () => {
        before = turn.result;
        if (!before) return;
        this.#show(turn, corrected(before, id, patch));
        this.#send(turn, () => this.#api.correct(sessionId, n, id, patch));
      },
      undo: () => {
        if (before) this.#show(turn, before);
        this.#send(turn, () => this.#api.undoCorrection(sessionId, n));
      },
    });
    return true;
  }

  /**
   * @param {Turn} turn
   * @param {Result} result
   */
  #show(turn, result) {
    this.#workspace.show(turn);
    this.#workspace.changeTurn(turn, { result });
  }

  /**
   * @param {Turn} turn
   * @param {() => Promise<Result>} request
   */
  #send(turn, request) {
    this.#waiting++;
    this.#queue = this.#queue.then(async () => {
      try {
        const result = await request();
        // A later change is already on the screen: its own answer will follow.
        if (this.#waiting === 1) this.#workspace.changeTurn(turn, { result });
      } catch (error) {
        this.#history.clear();
        this.#fail(Problem.from(error));
        await this.#reload(turn).catch(() => {});
      } finally {
        this.#waiting--;
      }
    });
  }

  /** @param {Turn} turn */
  async #reload(turn) {
    const { sessionId } = this.#workspace;
    if (!sessionId) return;
    const { turns } = await this.#api.session(sessionId);
    const stored = turns?.find((other) => other.turn === turn.n);
    if (stored) this.#workspace.changeTurn(turn, { result: stored.result });
  }
}

/**
 * @param {string} key
 * @returns {[string, string]}
 */
function split(key) {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
}
