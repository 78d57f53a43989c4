import { held, plain } from './shortcuts.js';

/** @import {Shortcut} from './shortcuts.js' */
/** @import {Stage} from '../canvas/stage.js' */
/** @import {Tone} from '../canvas/tone.js' */
/** @import {ToolName, Workspace} from '../model/workspace.js' */

/**
 * @typedef {object} Reach what keys can do
 * @property {Workspace} workspace
 * @property {Stage} stage
 * @property {Tone} tone
 * @property {() => void} writeQuestion
 * @property {() => void} swapFocus
 * @property {(name: ToolName) => void} takeTool
 * @property {(number: string) => void} choose
 * @property {(id: string) => void} askAbout
 * @property {(key: string) => void} startEditing
 * @property {(key: string) => void} rename
 * @property {() => void} nextTheme
 * @property {() => void} openHelp
 * @property {() => void} escape
 * @property {() => void} undo
 * @property {() => void} redo
 */

/**
 * All keys of the page, in the order of the help sheet. Those without `match` are handled where the focus is, and only
 * named here.
 *
 * @param {Reach} reach
 * @returns {Shortcut[]}
 */
export function pageKeys(reach) {
  const { workspace, stage, tone } = reach;
  const toggle = (/** @type {'overlay'|'labels'|'dim'} */ name) => workspace.setView({ [name]: !workspace.view[name] });
  const selected = (/** @type {(key: string) => void} */ act) => () => {
    if (workspace.selection) act(workspace.selection);
  };
  return [
    ...group('Ask', [
      { keys: '/', words: 'Write a question', match: plain('/'), run: reach.writeQuestion },
      { keys: 'Enter', words: 'Ask; Shift+Enter begins a new line' },
      { keys: '↑', words: 'In the empty field: the last question again' },
      {
        keys: '1 … 9',
        words: 'Answer “which one?”',
        match: (e) => /^[1-9]$/.test(e.key) && plain(e.key)(e) && workspace.openQuestion !== null,
        run: (e) => reach.choose(e.key),
      },
      {
        keys: 'A',
        words: 'Ask about the selected object',
        match: plain('a'),
        run: selected((key) => key.startsWith('o:') && reach.askAbout(key.slice(2))),
      },
      { keys: 'Esc', words: 'Cancel, leave, let go', match: plain('Escape'), run: reach.escape, always: true },
    ]),
    ...group('Tools', [
      { keys: 'V', words: 'Point and move', match: plain('v'), run: () => reach.takeTool('select') },
      {
        keys: 'B',
        words: 'Mark a box: drag, two clicks, or arrows and Enter',
        match: plain('b'),
        run: () => reach.takeTool('box'),
      },
      { keys: 'P', words: 'Mark a point', match: plain('p'), run: () => reach.takeTool('point') },
      {
        keys: 'L',
        words: 'Mark an outline: click by click, or drag',
        match: plain('l'),
        run: () => reach.takeTool('polygon'),
      },
      { keys: 'Shift', words: 'Held at the end: keep the tool for another' },
    ]),
    ...group('View', [
      { keys: 'F6', words: 'Go to the picture, and back', match: plain('F6'), run: reach.swapFocus, always: true },
      {
        keys: '+ −',
        words: 'Zoom; also the wheel, or two fingers',
        match: plain('+', '=', '-'),
        run: (e) => stage.move((v) => v.zoom(e.key === '-' ? 1 / 1.5 : 1.5)),
      },
      { keys: '0', words: 'Whole picture', match: plain('0'), run: () => stage.move((v) => v.fit()) },
      { keys: '1', words: 'Pixel for pixel', match: plain('1'), run: () => stage.move((v) => v.actualSize()) },
      { keys: '← ↑ → ↓', words: 'Move the picture; Space and drag does too' },
      { keys: 'O', words: 'Marks on and off', match: plain('o'), run: () => toggle('overlay') },
      { keys: 'N', words: 'Names on and off', match: plain('n'), run: () => toggle('labels') },
      { keys: 'D', words: 'Darken everything else', match: plain('d'), run: () => toggle('dim') },
      { keys: 'I', words: 'Invert grey values', match: plain('i'), run: () => tone.invert() },
      {
        keys: 'R',
        words: 'Grey values as they are; drag with the right button for window and level',
        match: plain('r'),
        run: () => tone.reset(),
      },
      { keys: 'T', words: 'Light, dark, as the system', match: plain('t'), run: reach.nextTheme },
    ]),
    ...group('Objects', [
      { keys: 'Tab', words: 'On the picture: next object' },
      { keys: 'E', words: 'Change the selected object', match: plain('e'), run: selected(reach.startEditing) },
      { keys: 'F2', words: 'Rename it', match: plain('F2'), run: selected(reach.rename) },
      {
        keys: 'H',
        words: 'Hide or show it',
        match: plain('h'),
        run: selected((key) => workspace.hide([key], !workspace.hidden.has(key))),
      },
      { keys: 'Del', words: 'Delete it' },
      { keys: '← ↑ → ↓', words: 'While changing: move by 1 pixel, with Shift by 10' },
      { keys: ', .', words: 'While changing: the handle before, the next one' },
      { keys: 'Ctrl Z', words: 'Undo', match: held('z'), run: reach.undo },
      {
        keys: 'Ctrl Shift Z or Ctrl Y',
        words: 'Redo',
        match: (e) => held('z', true)(e) || held('y')(e),
        run: reach.redo,
      },
    ]),
    ...group('Page', [{ keys: '?', words: 'This sheet', match: plain('?'), run: reach.openHelp }]),
  ];
}

/**
 * @param {string} name
 * @param {Omit<Shortcut, 'group'>[]} shortcuts
 * @returns {Shortcut[]}
 */
function group(name, shortcuts) {
  return shortcuts.map((shortcut) => ({ group: name, ...shortcut }));
}
