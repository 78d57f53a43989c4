/** Regions as words: `#1` in a question is its first region. Pure functions. */

/** @import {Region} from '../types.js' */

/** Splits a text at its tokens, keeping their numbers. */
export const TOKEN = /#(\d+)/;

/** @param {Region} region */
export function regionKind(region) {
  if ('box' in region) return 'box';
  if ('polygon' in region) return 'polygon';
  return 'point' in region ? 'point' : 'target';
}

/**
 * The text with the tokens of regions that are gone left out, and the others counted anew.
 *
 * @param {string} text
 * @param {Region[]} before
 * @param {Region[]} after
 */
export function renumbered(text, before, after) {
  if (after.length === before.length) return text; // one was reshaped
  return text
    .replace(/#(\d+)( ?)/g, (token, digits, blank) => {
      const region = before[Number(digits) - 1];
      if (!region) return token;
      const now = after.indexOf(region);
      return now < 0 ? '' : `#${now + 1}${blank}`;
    })
    .trimStart();
}
