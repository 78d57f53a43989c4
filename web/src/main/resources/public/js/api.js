import { Problem } from './problem.js';
import { serverSentEvents } from './sse.js';

/** @import {AskRequest, GalleryItem, ImageInfo, ModelInfo, Patch, Progress, Result, Session, Status, StoredTurn} from './types.js' */

/**
 * The server's REST interface: one method an endpoint, nothing else talks to the network. Methods throw a Problem, or
 * an AbortError when the given signal is aborted.
 */
export class Api {
  #base;

  /** @param {string} base address that the page lies under, so that a server behind a path prefix works too */
  constructor(base = document.baseURI) {
    this.#base = base;
  }

  /** @param {string} path */
  url(path) {
    return new URL(path.replace(/^\//, ''), this.#base).href;
  }

  /** @returns {Promise<Status>} */
  status() {
    return this.#json('GET', 'v1/status');
  }

  /** @returns {Promise<ModelInfo[]>} */
  async models() {
    return (await this.#json('GET', 'v1/models')).models ?? [];
  }

  /** @param {string} id */
  activate(id) {
    return this.#json('POST', `v1/models/${encodeURIComponent(id)}/activate`, {});
  }

  /** @returns {Promise<GalleryItem[]>} */
  async gallery() {
    return (await this.#json('GET', 'v1/gallery')).items ?? [];
  }

  /** @param {string} id */
  imageUrl(id) {
    return this.url(`v1/images/${encodeURIComponent(id)}`);
  }

  /** @param {string} id */
  thumbnailUrl(id) {
    return this.url(`v1/images/${encodeURIComponent(id)}/thumbnail`);
  }

  /**
   * The bytes behind an address of this server.
   *
   * @param {string} url
   * @param {AbortSignal} [signal]
   * @returns {Promise<Blob>}
   */
  async blob(url, signal) {
    const response = await this.#send(url, { signal });
    return response.blob();
  }

  /**
   * Sends a picture. XMLHttpRequest, because fetch does not tell how much has been sent.
   *
   * @param {Blob} file
   * @param {string} name
   * @param {{onSent?: (fraction: number) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<ImageInfo>}
   */
  uploadImage(file, name, { onSent, signal } = {}) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', this.url('v1/images'));
      request.setRequestHeader('Accept', 'application/json');
      request.upload.onprogress = (e) => e.lengthComputable && onSent?.(e.loaded / e.total);
      request.onload = () => {
        if (request.status < 200 || request.status >= 300) {
          reject(Problem.of(request.status, request.responseText));
          return;
        }
        try {
          resolve(JSON.parse(request.responseText));
        } catch {
          reject(Problem.of(request.status, request.responseText));
        }
      };
      request.onerror = () => reject(Problem.unreachable());
      request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
      signal?.addEventListener('abort', () => request.abort());
      const form = new FormData();
      form.append('image', file, name);
      request.send(form);
    });
  }

  /** @returns {Promise<Session[]>} */
  async sessions() {
    return (await this.#json('GET', 'v1/sessions')).sessions ?? [];
  }

  /**
   * @param {string} imageId
   * @returns {Promise<Session>}
   */
  createSession(imageId) {
    return this.#json('POST', 'v1/sessions', { image: { id: imageId } });
  }

  /**
   * @param {string} id
   * @returns {Promise<Session>}
   */
  session(id) {
    return this.#json('GET', `v1/sessions/${encodeURIComponent(id)}`);
  }

  /** @param {string} id */
  deleteSession(id) {
    return this.#json('DELETE', `v1/sessions/${encodeURIComponent(id)}`);
  }

  /**
   * One turn of a session, with news on the way. Aborting closes the connection, which stops the server's work.
   *
   * @param {string} sessionId
   * @param {AskRequest} request
   * @param {{onProgress?: (progress: Progress) => void, signal?: AbortSignal}} [options]
   * @returns {Promise<StoredTurn>}
   */
  async ask(sessionId, request, { onProgress, signal } = {}) {
    const response = await this.#send(this.turnsUrl(sessionId), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream') || !response.body) {
      return response.json();
    }
    for await (const { event, data } of serverSentEvents(response.body)) {
      if (event === 'progress') onProgress?.(JSON.parse(data));
      if (event === 'result') return JSON.parse(data);
      if (event === 'error') throw Problem.of(0, data);
    }
    signal?.throwIfAborted();
    throw new Problem({
      title: 'The answer broke off',
      detail: 'The connection ended before the answer was complete.',
      hint: 'Ask again.',
      code: 'stream_ended',
    });
  }

  /** @param {string} sessionId */
  turnsUrl(sessionId) {
    return this.url(`v1/sessions/${encodeURIComponent(sessionId)}/turns`);
  }

  /**
   * @param {string} sessionId
   * @param {number} turn
   * @param {string} objectId
   * @param {Patch} patch
   * @returns {Promise<Result>} the corrected result
   */
  async correct(sessionId, turn, objectId, patch) {
    const path = `v1/sessions/${encodeURIComponent(sessionId)}/turns/${turn}/objects/${encodeURIComponent(objectId)}`;
    return (await this.#json('PATCH', path, patch)).result;
  }

  /**
   * Takes back the turn's last correction.
   *
   * @param {string} sessionId
   * @param {number} turn
   * @returns {Promise<Result>} the result without it
   */
  async undoCorrection(sessionId, turn) {
    const path = `v1/sessions/${encodeURIComponent(sessionId)}/turns/${turn}/corrections/last`;
    return (await this.#json('DELETE', path)).result;
  }

  /**
   * A turn's objects as a file of another program.
   *
   * @param {string} sessionId
   * @param {number} turn
   * @param {string} format
   * @returns {Promise<{blob: Blob, name: string}>} with the name that the server gives it
   */
  async exported(sessionId, turn, format) {
    const url = this.url(`v1/export/${encodeURIComponent(sessionId)}/${turn}?format=${format}`);
    const response = await this.#send(url, {});
    const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? format;
    return { blob: await response.blob(), name };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async #json(method, path, body) {
    /** @type {RequestInit} */
    const init = { method, headers: { Accept: 'application/json' } };
    if (body !== undefined) {
      init.headers = { ...init.headers, 'Content-Type': 'application/json' };
      init.body = JSON.stringify(body);
    }
    const text = await (await this.#send(this.url(path), init)).text();
    return text ? JSON.parse(text) : {};
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #send(url, init) {
    const response = await fetch(url, init);
    if (!response.ok) throw Problem.of(response.status, await response.text());
    return response;
  }
}
