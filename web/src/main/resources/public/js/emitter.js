/** Named events with typed listeners: what the parts of the page use to hear of each other's changes. */
export class Emitter {
  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();

  /**
   * @param {string} names one or more event names, separated by blanks
   * @param {(detail: any) => void} listener
   * @returns {() => void} stops listening
   */
  on(names, listener) {
    const list = names.split(' ');
    for (const name of list) {
      if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
      this.#listeners.get(name)?.add(listener);
    }
    return () => list.forEach((name) => this.#listeners.get(name)?.delete(listener));
  }

  /**
   * @param {string} name
   * @param {any} [detail]
   */
  emit(name, detail) {
    this.#listeners.get(name)?.forEach((listener) => listener(detail));
  }
}
