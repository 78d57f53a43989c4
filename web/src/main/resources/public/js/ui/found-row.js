import { inkOn } from '../model/colours.js';
import { nameOf, scoreWords } from '../model/result.js';
import { badge, el, icon } from './dom.js';

/** @import {Found} from '../types.js' */
/** @import {Turn, Workspace} from '../model/workspace.js' */

/**
 * An object in a card: its number on its colour, its name, how well it stood the way back, and its score.
 *
 * @param {Turn} turn
 * @param {Found} found
 * @param {string} number
 * @param {Workspace} workspace
 * @param {() => void} click
 */
export function foundRow(turn, found, number, workspace, click) {
  const key = `o:${found.id}`;
  const colour = workspace.colourOf(found.id);
  const score = scoreWords(found.score);
  const hidden = workspace.shown === turn && workspace.hidden.has(key);
  return el(
    'li',
    {},
    el(
      'button',
      {
        type: 'button',
        class: `found ${hidden ? 'found-hidden' : ''}`,
        data: { keys: key, focus: `found-${found.id}` },
        on: { ...pointing(turn, [key], workspace), click },
      },
      badge(number, colour, inkOn(colour)),
      el('span', { class: 'found-name' }, nameOf(found), phraseOf(found)),
      found.cycle && cycleMark(found),
      score && el('span', { class: 'found-score' }, meter(found.score ?? 0), score),
    ),
  );
}

/**
 * The words that fit an object alone, where they say more than its name.
 *
 * @param {Found} found
 */
function phraseOf(found) {
  if (!found.phrase || found.phrase.toLowerCase() === nameOf(found).toLowerCase()) return null;
  return el('span', { class: 'found-phrase' }, ` ${found.phrase}`);
}

/** @param {Found} found */
function cycleMark({ cycle }) {
  if (!cycle) return null;
  const words = `Described again as “${cycle.text}”; looked for by that, it overlaps ${Math.round(100 * cycle.iou)} %`;
  return el(
    'span',
    { class: cycle.consistent ? 'cycle cycle-good' : 'cycle cycle-bad', title: words },
    icon(cycle.consistent ? 'check' : 'warning'),
    el('span', { class: 'visually-hidden' }, words),
    cycle.iou.toFixed(2),
  );
}

/** @param {number} value 0..1 */
export function meter(value) {
  const bar = el('span', { class: 'meter', 'aria-hidden': 'true' });
  bar.style.setProperty('--value', String(value));
  return bar;
}

/**
 * Listeners that light things on the picture while something is pointed at or has the focus.
 *
 * @param {Turn} turn
 * @param {string[]} keys
 * @param {Workspace} workspace
 */
export function pointing(turn, keys, workspace) {
  const on = () => workspace.shown === turn && workspace.point(keys);
  const off = () => workspace.point([]);
  return { pointerenter: on, pointerleave: off, focus: on, blur: off };
}
