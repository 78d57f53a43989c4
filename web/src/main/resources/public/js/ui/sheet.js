import { el, iconButton } from './dom.js';

/**
 * Opens a sheet over the page, closed by its button, by Escape, or by a click beside it; the focus goes back.
 *
 * @param {string} title
 * @param {string} kind class name
 * @param {...HTMLElement} content
 * @returns {HTMLDialogElement}
 */
export function openSheet(title, kind, ...content) {
  const sheet = el(
    'dialog',
    { class: `sheet ${kind}`, 'aria-label': title },
    el(
      'div',
      { class: 'sheet-head' },
      el('h2', {}, title),
      iconButton('close', 'Close', () => sheet.close()),
    ),
    el('div', { class: 'sheet-body' }, ...content),
  );
  sheet.addEventListener('close', () => sheet.remove());
  sheet.addEventListener('click', (e) => e.target === sheet && sheet.close());
  document.body.append(sheet);
  sheet.showModal();
  return sheet;
}
