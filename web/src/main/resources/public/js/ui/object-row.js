import { isPlaced } from '../canvas/skeleton.js';
import { inkOn } from '../model/colours.js';
import { placeWords } from '../model/geometry.js';
import { areaOf, boxWords, keypointWords, nameOf, scoreWords } from '../model/result.js';
import { badge, el } from './dom.js';

/** @import {Found} from '../types.js' */
/** @import {Workspace} from '../model/workspace.js' */

/**
 * An object in words and numbers.
 *
 * @param {Found} found
 * @param {string} number
 * @param {Workspace} workspace
 * @param {Record<string, () => void>} on listeners
 */
export function objectMain(found, number, workspace, on) {
  const colour = workspace.colourOf(found.id);
  const place = workspace.image ? placeWords(found.box, areaOf(found), workspace.image) : '';
  return el(
    'button',
    { type: 'button', class: 'object-main', data: { focus: `main-o:${found.id}` }, on },
    badge(number, colour, inkOn(colour)),
    el('span', { class: 'object-name' }, nameOf(found)),
    el('span', { class: 'object-score' }, scoreWords(found.score)),
    el('span', { class: 'object-place' }, place),
    el('span', { class: 'object-box' }, boxWords(found)),
  );
}

/**
 * A field for an object's name: Enter or leaving it keeps what is written, Escape does not.
 *
 * @param {Found} found
 * @param {string} number
 * @param {string} colour
 * @param {(label: string|null) => void} done with the name, null for the old one
 */
export function renameField(found, number, colour, done) {
  const input = el('input', {
    class: 'rename',
    maxlength: 200,
    '.value': nameOf(found),
    'aria-label': `New name of object ${number}`,
    on: {
      keydown: (/** @type {KeyboardEvent} */ e) => {
        if (e.key !== 'Enter' && e.key !== 'Escape') return;
        e.preventDefault();
        e.stopPropagation();
        done(e.key === 'Enter' ? input.value.trim() : null);
      },
      blur: () => done(input.value.trim()),
    },
  });
  return el('div', { class: 'object-main' }, badge(number, colour, inkOn(colour)), input);
}

/** @param {Found} found */
export function pointList({ keypoints }) {
  const placed = (keypoints ?? []).filter(isPlaced);
  if (!placed.length) return null;
  return el(
    'details',
    { class: 'points' },
    el('summary', {}, placed.length === 1 ? '1 point' : `${placed.length} points`),
    el(
      'ul',
      {},
      ...placed.map((point) =>
        el(
          'li',
          {},
          el('span', {}, keypointWords(point)),
          el('span', { class: 'object-box' }, `${Math.round(point.x ?? 0)}, ${Math.round(point.y ?? 0)}`),
        ),
      ),
    ),
  );
}
