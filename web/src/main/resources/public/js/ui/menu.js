import { el } from './dom.js';

/**
 * Opens a panel at a button, closed by Escape, by a click elsewhere or by a choice in it; the focus goes back.
 *
 * @param {HTMLElement} anchor
 * @param {HTMLElement} panel
 * @param {{label: string, end?: boolean}} options `end` aligns the right edges
 * @returns {() => void} closes it
 */
export function openPanel(anchor, panel, { label, end = false }) {
  panel.classList.add('panel');
  panel.popover = 'auto';
  panel.setAttribute('role', panel.getAttribute('role') ?? 'dialog');
  panel.setAttribute('aria-label', label);
  document.body.append(panel);
  anchor.setAttribute('aria-expanded', 'true');
  panel.addEventListener('toggle', (e) => {
    if (/** @type {ToggleEvent} */ (e).newState !== 'closed') return;
    anchor.setAttribute('aria-expanded', 'false');
    if (panel.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    panel.remove();
  });
  panel.showPopover();
  place(anchor, panel, end);
  /** @type {HTMLElement|null} */ (panel.querySelector('button:not([disabled]), input, select, a[href]'))?.focus();
  return () => panel.isConnected && panel.hidePopover();
}

/**
 * @param {HTMLElement} anchor
 * @param {HTMLElement} panel
 * @param {boolean} end
 */
function place(anchor, panel, end) {
  const gap = 6;
  const at = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const left = end ? at.right - size.width : at.left;
  const below = at.bottom + gap + size.height <= window.innerHeight || at.top - gap - size.height < 0;
  const top = below ? at.bottom + gap : at.top - gap - size.height;
  panel.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - size.width - gap))}px`;
  panel.style.top = `${Math.max(gap, Math.min(top, window.innerHeight - size.height - gap))}px`;
}

/**
 * A menu: items are walked with arrow keys.
 *
 * @param {HTMLElement} anchor
 * @param {string} label
 * @param {{title: string, note?: string, run: () => void}[]} items
 */
export function openMenu(anchor, label, items) {
  const panel = el('div', { class: 'menu', role: 'menu' });
  let close = () => {};
  for (const { title, note, run } of items) {
    panel.append(
      el(
        'button',
        { type: 'button', role: 'menuitem', class: 'menu-item', on: { click: () => (close(), run()) } },
        el('span', {}, title),
        note && el('span', { class: 'menu-note' }, note),
      ),
    );
  }
  panel.addEventListener('keydown', (e) => {
    const all = /** @type {HTMLElement[]} */ ([...panel.children]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    all[to % all.length].focus();
  });
  close = openPanel(anchor, panel, { label, end: true });
}
