import { ImagePyramid } from './canvas/pyramid.js';
import { Emitter } from './emitter.js';
import { isAbort, Problem } from './problem.js';

/** @import {Api} from './api.js' */
/** @import {Conversation} from './conversation.js' */
/** @import {GalleryItem, ImageInfo} from './types.js' */
/** @import {Stage} from './canvas/stage.js' */
/** @import {Workspace} from './model/workspace.js' */

/**
 * Gets pictures onto the desk: a person's file, one of the gallery, or a conversation left earlier. Emits `progress`
 * with `{words, fraction}` or null, and `failed` with a Problem. A new one takes the place of one still under way.
 */
export class Opening extends Emitter {
  #api;
  #workspace;
  #stage;
  #conversation;
  /** @type {AbortController|null} */
  #running = null;

  /**
   * @param {Api} api
   * @param {Workspace} workspace
   * @param {Stage} stage
   * @param {Conversation} conversation
   */
  constructor(api, workspace, stage, conversation) {
    super();
    this.#api = api;
    this.#workspace = workspace;
    this.#stage = stage;
    this.#conversation = conversation;
  }

  /**
   * @param {Blob} file
   * @param {string} name
   * @param {string[]} [suggestions]
   */
  file(file, name, suggestions = []) {
    return this.#run(async (signal) => {
      const image = await this.#send(file, name, signal);
      await this.#show({ ...image, name }, suggestions, signal);
    });
  }

  /** @param {GalleryItem} item */
  gallery(item) {
    return this.#run(async (signal) => {
      this.#tell(`Fetching “${item.title}”`, null);
      const blob = await this.#api.blob(this.#api.url(item.image_url), signal);
      const image = await this.#send(blob, item.title, signal);
      await this.#show({ ...image, name: item.title }, item.suggestions ?? [], signal);
    });
  }

  /** @param {string} id */
  session(id) {
    return this.#run(async (signal) => {
      this.#tell('Opening the conversation', null);
      const { image, title, turns } = await this.#api.session(id);
      signal.throwIfAborted();
      await this.#show({ ...image, name: title || 'Picture' }, [], signal);
      this.#workspace.enterSession(id);
      this.#conversation.restore(turns ?? []);
    });
  }

  /** Clears the desk. */
  nothing() {
    this.cancel();
    this.#workspace.open(null);
    this.#stage.clear();
  }

  cancel() {
    this.#running?.abort();
  }

  /**
   * @param {Blob} file
   * @param {string} name
   * @param {AbortSignal} signal
   */
  #send(file, name, signal) {
    this.#tell(`Sending “${name}”`, 0);
    return this.#api.uploadImage(file, name, {
      signal,
      onSent: (fraction) =>
        fraction < 1 ? this.#tell(`Sending “${name}”`, fraction) : this.#tell('The server reads the picture', null),
    });
  }

  /**
   * @param {ImageInfo & {name: string}} image
   * @param {string[]} suggestions
   * @param {AbortSignal} signal
   */
  async #show(image, suggestions, signal) {
    this.#tell('Preparing the view', null);
    const blob = await this.#api.blob(this.#api.imageUrl(image.id), signal);
    const pyramid = await ImagePyramid.of(blob);
    if (signal.aborted) {
      pyramid.close();
      signal.throwIfAborted();
    }
    this.#workspace.open(image, suggestions);
    this.#stage.show(pyramid, image);
  }

  /** @param {(signal: AbortSignal) => Promise<void>} work */
  async #run(work) {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    try {
      await work(running.signal);
    } catch (error) {
      if (!isAbort(error) && !running.signal.aborted) this.emit('failed', Problem.from(error));
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.emit('progress', null);
      }
    }
  }

  /**
   * @param {string} words
   * @param {number|null} fraction
   */
  #tell(words, fraction) {
    this.emit('progress', { words, fraction });
  }
}
