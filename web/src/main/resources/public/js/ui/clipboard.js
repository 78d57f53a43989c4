import { el } from './dom.js';

/**
 * Copies a text. Where the page is not served from a secure origin browsers offer only the old way.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const holder = el('textarea', { class: 'visually-hidden', '.value': text });
    document.body.append(holder);
    holder.select();
    const done = document.execCommand('copy');
    holder.remove();
    return done;
  }
}
