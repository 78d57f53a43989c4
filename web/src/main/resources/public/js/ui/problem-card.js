import { el, icon } from './dom.js';

/** @import {Problem} from '../problem.js' */

/**
 * What went wrong and what to do next.
 *
 * @param {Problem} problem
 * @param {...HTMLElement} actions
 */
export function problemCard({ title, detail, hint, code, requestId }, ...actions) {
  const trace = [code, requestId && `request ${requestId}`].filter(Boolean).join(' · ');
  return el(
    'div',
    { class: 'answer problem', role: 'group', 'aria-label': 'Problem' },
    el('p', { class: 'problem-title' }, icon('warning'), title),
    detail && detail !== title && el('p', {}, detail),
    hint && el('p', { class: 'problem-hint' }, hint),
    el('p', { class: 'actions' }, ...actions),
    trace && el('p', { class: 'fine-print' }, trace),
  );
}
