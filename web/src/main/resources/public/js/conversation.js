import { candidateNumber, candidates, spoken } from './model/result.js';
import { isAbort, Problem } from './problem.js';

/** @import {Api} from './api.js' */
/** @import {AskOptions, AskRequest, Region, Result, StoredTurn} from './types.js' */
/** @import {Turn, Workspace} from './model/workspace.js' */

/** Asks the server about the open picture and puts the answers on the desk. */
export class Conversation {
  #api;
  #workspace;
  #announce;
  #keys = 0;
  /** @type {AbortController|null} */
  #running = null;

  /**
   * @param {Api} api
   * @param {Workspace} workspace
   * @param {(words: string) => void} announce
   */
  constructor(api, workspace, announce) {
    this.#api = api;
    this.#workspace = workspace;
    this.#announce = announce;
    // Another picture: nobody waits for the old answer.
    workspace.on('image', () => this.cancel());
  }

  /**
   * @param {AskRequest} request
   */
  async ask(request) {
    const { image } = this.#workspace;
    if (!image || this.#workspace.asking) return;
    const turn = this.#newTurn(request);
    this.#workspace.addTurn(turn);
    await this.#answer(turn, request);
  }

  /**
   * The same question once more, in the place of the failed or cancelled one.
   *
   * @param {Turn} turn
   * @param {string} [task] asked for instead
   */
  async again(turn, task = turn.task) {
    if (this.#workspace.asking) return;
    if (turn.state !== 'done') this.#workspace.removeTurn(turn);
    await this.ask(requestOf(turn.instruction, task, turn.regions, turn.options));
  }

  /**
   * Answers an open question by the number of a candidate.
   *
   * @param {number|string} number
   */
  async choose(number) {
    const question = this.#workspace.openQuestion;
    if (!question?.result || this.#workspace.asking) return;
    const numbers = candidates(question.result).map(candidateNumber);
    if (numbers.includes(String(number))) await this.ask({ instruction: String(number) });
  }

  cancel() {
    this.#running?.abort();
  }

  /**
   * Puts the turns of a stored conversation on the desk.
   *
   * @param {StoredTurn[]} stored
   */
  restore(stored) {
    for (const { turn: n, request, result } of stored) {
      this.#workspace.addTurn({ ...this.#newTurn(request), n, result, state: 'done' });
    }
    this.#workspace.show(this.#workspace.turns.at(-1) ?? null);
  }

  /**
   * @param {Turn} turn
   * @param {AskRequest} request
   */
  async #answer(turn, request) {
    const running = new AbortController();
    this.#running = running;
    const { image } = this.#workspace;
    try {
      if (!image) return;
      let { sessionId } = this.#workspace;
      if (!sessionId) {
        sessionId = (await this.#api.createSession(image.id)).id;
        running.signal.throwIfAborted();
        this.#workspace.enterSession(sessionId);
      }
      const { turn: n, result } = await this.#api.ask(sessionId, request, {
        signal: running.signal,
        onProgress: (progress) => this.#workspace.changeTurn(turn, { progress }),
      });
      this.#workspace.changeTurn(turn, { n, result, state: 'done' });
      this.#workspace.show(turn);
      this.#announce(spokenResult(result));
    } catch (error) {
      const cancelled = isAbort(error) || running.signal.aborted;
      const problem = cancelled ? null : Problem.from(error);
      this.#workspace.changeTurn(turn, { state: cancelled ? 'cancelled' : 'failed', problem });
      this.#announce(problem ? `${problem.title}. ${problem.detail} ${problem.hint}` : 'Cancelled.');
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /**
   * @param {AskRequest} request
   * @returns {Turn}
   */
  #newTurn({ instruction, task, regions, options }) {
    return {
      key: `turn-${++this.#keys}`,
      n: null,
      instruction,
      task: task ?? '',
      regions: regions ?? [],
      options: options ?? {},
      state: 'asking',
      progress: null,
      started: performance.now(),
      result: null,
      problem: null,
    };
  }
}

/**
 * A request with nothing in it that says nothing.
 *
 * @param {string} instruction
 * @param {string} [task]
 * @param {Region[]} [regions]
 * @param {AskOptions} [options]
 * @returns {AskRequest}
 */
export function requestOf(instruction, task, regions, options) {
  /** @type {AskRequest} */
  const request = { instruction };
  if (task) request.task = task;
  if (regions?.length) request.regions = regions;
  if (options && Object.keys(options).length) request.options = options;
  return request;
}

/** @param {Result} result */
function spokenResult(result) {
  const things = result.status === 'ambiguous' ? candidates(result) : result.objects;
  const list = things.slice(0, 5).map((found, i) => spoken(found, i + 1, result.image));
  const more = things.length > 5 ? `, and ${things.length - 5} more` : '';
  return [result.answer, list.join('; ') + more].filter(Boolean).join(' ');
}
