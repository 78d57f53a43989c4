/** What a person's browser remembers of their preferences; without storage they last as long as the page. */
export const memory = {
  /**
   * @param {string} name
   * @returns {string|null}
   */
  get(name) {
    try {
      return localStorage.getItem(`vilam.${name}`);
    } catch {
      return null;
    }
  },

  /**
   * @param {string} name
   * @param {string|null} value
   */
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`vilam.${name}`);
      else localStorage.setItem(`vilam.${name}`, value);
    } catch {
      // Forbidden or full: the choice holds until the page is closed.
    }
  },
};
