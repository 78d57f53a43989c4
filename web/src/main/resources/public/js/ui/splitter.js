import { clamp } from '../model/geometry.js';
import { memory } from './memory.js';

const LEAST = 320;
const STEP = 24;

/**
 * The edge between the picture and the conversation, moved by pointer or arrow keys; its place is remembered.
 *
 * @param {HTMLElement} splitter
 * @param {HTMLElement} workbench
 */
export function makeSplitter(splitter, workbench) {
  let width = Number(memory.get('rail')) || 444;
  const set = (/** @type {number} */ value) => {
    const most = Math.max(LEAST, workbench.clientWidth * 0.6);
    width = clamp(value, LEAST, most);
    workbench.style.setProperty('--rail', `${Math.round(width)}px`);
    splitter.setAttribute('aria-valuenow', String(Math.round(width)));
    splitter.setAttribute('aria-valuemin', String(LEAST));
    splitter.setAttribute('aria-valuemax', String(Math.round(most)));
  };
  set(width);
  splitter.addEventListener('pointerdown', (e) => splitter.setPointerCapture(e.pointerId));
  splitter.addEventListener('pointermove', (e) => {
    if (splitter.hasPointerCapture(e.pointerId)) set(workbench.getBoundingClientRect().right - e.clientX);
  });
  splitter.addEventListener('pointerup', () => memory.set('rail', String(Math.round(width))));
  splitter.addEventListener('keydown', (e) => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP }[e.key];
    if (!step) return;
    e.preventDefault();
    e.stopPropagation();
    set(width + step);
    memory.set('rail', String(Math.round(width)));
  });
  window.addEventListener('resize', () => set(width));
}
