import { el, icon } from './dom.js';

/** @import {Stage} from '../canvas/stage.js' */
/** @import {Tone} from '../canvas/tone.js' */
/** @import {ToolName, Workspace} from '../model/workspace.js' */

/** The strip of tools beside the picture. */
export class Toolbar {
  /**
   * @param {HTMLElement} bar
   * @param {Workspace} workspace
   * @param {Stage} stage
   * @param {Tone} tone
   */
  constructor(bar, workspace, stage, tone) {
    const tools = /** @type {[ToolName, string][]} */ ([
      ['select', 'Point and move (V)'],
      ['box', 'Mark a box (B)'],
      ['point', 'Mark a point (P)'],
      ['polygon', 'Mark an outline (L)'],
    ]).map(([name, words]) => {
      const button = tool(name, words, () => workspace.setTool(name));
      workspace.on('tool', () => button.setAttribute('aria-pressed', String(workspace.tool === name)));
      button.setAttribute('aria-pressed', String(workspace.tool === name));
      return button;
    });
    const toggles = /** @type {[('overlay'|'dim'), string, string][]} */ ([
      ['overlay', 'layers', 'Show marks (O)'],
      ['dim', 'dim', 'Darken the rest (D)'],
    ]).map(([name, symbol, words]) => {
      const button = tool(symbol, words, () => workspace.setView({ [name]: !workspace.view[name] }));
      const show = () => button.setAttribute('aria-pressed', String(workspace.view[name]));
      workspace.on('view', show);
      show();
      return button;
    });
    bar.append(
      ...tools,
      el('span', { class: 'tool-gap' }),
      tool('plus', 'Zoom in (+)', () => stage.move((v) => v.zoom(1.5))),
      tool('minus', 'Zoom out (−)', () => stage.move((v) => v.zoom(1 / 1.5))),
      tool('fit', 'Whole picture (0)', () => stage.move((v) => v.fit())),
      el('span', { class: 'tool-gap' }),
      ...toggles,
      tool('tone', 'Invert grey values (I); drag with the right button for window and level, R resets', () =>
        tone.invert(),
      ),
    );
    const buttons = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll('button')]);
    buttons.forEach((button, i) => (button.tabIndex = i === 0 ? 0 : -1));
    bar.addEventListener('keydown', (e) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
      const at = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      if (!step || at < 0) return;
      e.preventDefault();
      e.stopPropagation();
      buttons[at].tabIndex = -1;
      const next = buttons[(at + step + buttons.length) % buttons.length];
      next.tabIndex = 0;
      next.focus();
    });
    const enable = () => bar.classList.toggle('idle', workspace.image === null);
    workspace.on('image', enable);
    enable();
  }
}

/**
 * @param {string} symbol
 * @param {string} words
 * @param {() => void} click
 */
function tool(symbol, words, click) {
  return el(
    'button',
    { type: 'button', class: 'tool', title: words, 'aria-label': words, on: { click } },
    icon(symbol),
  );
}
