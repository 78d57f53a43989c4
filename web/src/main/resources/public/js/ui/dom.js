/** Building the page. Text is only ever set as text, so that no label or answer can become markup. */

/** @typedef {Node|string|null|undefined|false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props] `class`, `on` (listeners by event name), `data`, attributes by their names
 *     (false and null leave them out), and DOM properties starting with a dot, e.g. `.value`
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === 'data') {
      Object.assign(node.dataset, value);
    } else if (name.startsWith('.')) {
      Object.assign(node, { [name.slice(1)]: value });
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...children.filter(isChild));
  return node;
}

/**
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(isChild));
}

/**
 * @param {Child} child
 * @returns {child is Node|string}
 */
function isChild(child) {
  return child !== null && child !== undefined && child !== false && child !== '';
}

/** @param {string} name of a symbol in the page, `i-` before it */
export function icon(name) {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(namespace, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} name of its icon
 * @param {string} words what it does
 * @param {() => void} click
 * @param {Record<string, any>} [props]
 */
export function iconButton(name, words, click, props = {}) {
  return el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': words, title: words, on: { click }, ...props },
    icon(name),
  );
}

/**
 * The element of the page with this id; the page is broken without it.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no element #${id}`);
  return /** @type {T} */ (node);
}

/**
 * A thing's number on its colour: colour is never the only cue.
 *
 * @param {string} number
 * @param {string} colour
 * @param {string} ink
 */
export function badge(number, colour, ink) {
  const node = el('span', { class: 'badge' }, number);
  node.style.setProperty('--badge', colour);
  node.style.setProperty('--badge-ink', ink);
  return node;
}

/**
 * @param {string} text
 * @param {string} name of the file
 * @param {string} type
 */
export function download(text, name, type) {
  downloadBlob(new Blob([text], { type }), name);
}

/**
 * @param {Blob} blob
 * @param {string} name of the file
 */
export function downloadBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
