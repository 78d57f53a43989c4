import { Api } from './api.js';
import { Editor } from './canvas/editor.js';
import { Gestures } from './canvas/gestures.js';
import { Stage } from './canvas/stage.js';
import { Tone } from './canvas/tone.js';
import { BoxTool } from './canvas/tools/box.js';
import { PointTool } from './canvas/tools/point.js';
import { PolygonTool } from './canvas/tools/polygon.js';
import { SelectTool } from './canvas/tools/select.js';
import { Conversation } from './conversation.js';
import { Corrections } from './corrections.js';
import { History } from './model/history.js';
import { candidates } from './model/result.js';
import { Workspace } from './model/workspace.js';
import { Opening } from './opening.js';
import { Announcer } from './ui/announcer.js';
import { Busy } from './ui/busy.js';
import { Chat } from './ui/chat.js';
import { copy } from './ui/clipboard.js';
import { Composer } from './ui/composer.js';
import { curlOf } from './ui/curl.js';
import { DescribedObjects } from './ui/described-objects.js';
import { byId } from './ui/dom.js';
import { acceptPictures } from './ui/drop.js';
import { Exports } from './ui/export.js';
import { ModelBanner } from './ui/model-banner.js';
import { ObjectsPanel } from './ui/objects-panel.js';
import { Sessions } from './ui/sessions.js';
import { pageKeys } from './ui/page-keys.js';
import { Shortcuts } from './ui/shortcuts.js';
import { makeSplitter } from './ui/splitter.js';
import { Start } from './ui/start.js';
import { Statusbar } from './ui/statusbar.js';
import { Tabs } from './ui/tabs.js';
import { Theme } from './ui/theme.js';
import { Toasts } from './ui/toast.js';
import { Toolbar } from './ui/toolbar.js';

/** Puts the page together: every part is made here, and given what it may use. */

/** @import {Region} from './types.js' */
/** @import {Turn} from './model/workspace.js' */

const api = new Api();
const workspace = new Workspace();
const history = new History();
const announcer = new Announcer();
const announce = (/** @type {string} */ words) => announcer.say(words);
const toasts = new Toasts(announce);

// The picture
const surface = byId('stage-surface');
const imageCanvas = /** @type {HTMLCanvasElement} */ (byId('stage-image'));
const marksCanvas = /** @type {HTMLCanvasElement} */ (byId('stage-marks'));
const stage = new Stage(byId('stage'), imageCanvas, marksCanvas, workspace);
const tone = new Tone(/** @type {SVGFilterElement} */ (/** @type {unknown} */ (byId('tone'))), imageCanvas, () =>
  statusbar.toneChanged(),
);
const corrections = new Corrections(api, workspace, history, (problem) => toasts.fail(problem));
const editor = new Editor(workspace, stage, (key, shape, words) => corrections.reshape(key, shape, words));

// The conversation
const conversation = new Conversation(api, workspace, announce);
const opening = new Opening(api, workspace, stage, conversation);
const choosePicture = acceptPictures(openFiles);

const finishRegion = (
  /** @type {Region} */ region,
  /** @type {{shift: boolean, touch: boolean}} */ { shift, touch },
) => {
  corrections.addRegion(region);
  announce(`Region #${workspace.regions.length} is in your question`);
  // With shift the tool stays in hand for the next one.
  if (shift) return;
  workspace.setTool('select');
  if (!touch) composer.focus();
};
const tools = {
  select: new SelectTool(workspace, stage, editor, {
    choose: ({ number }) => conversation.choose(number),
    remove: removeThing,
    say: announce,
  }),
  box: new BoxTool(stage, finishRegion),
  point: new PointTool(stage, finishRegion),
  polygon: new PolygonTool(stage, finishRegion),
};
for (const tool of [tools.box, tools.point, tools.polygon]) stage.addLayer(tool);
const hand = () => tools[workspace.tool];
const gestures = new Gestures(surface, stage, hand, { window: (dx, dy) => tone.drag(dx, dy) });

surface.addEventListener('keydown', (e) => {
  if (!workspace.image || e.ctrlKey || e.metaKey) return;
  if (hand().key(e)) e.preventDefault();
  else if (e.key === ' ') e.preventDefault(); // held for dragging; the page must not scroll
});
workspace.on('tool', () => {
  for (const tool of Object.values(tools)) if (tool !== hand()) tool.cancel();
});
workspace.on('selection', () => {
  const row = stage.drawables.find(({ key }) => key === workspace.selection);
  if (row && document.activeElement === surface) announce(`${row.number} ${row.name} ${row.score}`);
});

// The parts of the page
const tabs = new Tabs();
const composer = new Composer(byId('composer'), workspace, {
  ask: (request) => conversation.ask(request),
  choose: (number) => conversation.choose(number),
  cancel: () => conversation.cancel(),
  remove: (key) => corrections.remove(key),
  adopt: (key) => {
    const added = corrections.adopt(key);
    if (added) renameThing(added);
  },
});
const exports = new Exports(api, workspace, toasts);
const showTurn = (/** @type {Turn} */ turn) => workspace.show(turn);
new Chat(byId('chat'), workspace, {
  cancel: () => conversation.cancel(),
  retry: (turn) => conversation.again(turn),
  askAs: (turn, task) => conversation.again(turn, task),
  show: showTurn,
  choose: (number) => conversation.choose(number),
  pick: (turn, key) => {
    showTurn(turn);
    workspace.select(workspace.selection === key ? null : key);
  },
  fix: (turn) => {
    showTurn(turn);
    tabs.open('objects');
    startEditing(workspace.selection ?? `o:${turn.result?.objects[0]?.id}`);
  },
  copyJson: async (turn) => told(await copy(JSON.stringify(turn.result, null, 2)), 'JSON copied'),
  copyCurl: async (turn) => {
    if (!workspace.image) return;
    const command = curlOf(api, turn, { imageId: workspace.image.id, sessionId: workspace.sessionId });
    told(await copy(command), 'Command copied');
  },
  exports: (turn, anchor) => exports.open(turn, anchor),
  showNear: () => workspace.setView({ near: !workspace.view.near }),
});
const objectsPanel = new ObjectsPanel(byId('objects'), workspace, {
  rename: (key, label) => corrections.rename(key, label),
  remove: removeThing,
  edit: startEditing,
  ask: askAbout,
  show: (key) => {
    workspace.select(key);
    const found = stage.drawables.find((drawable) => drawable.key === key);
    if (found) stage.move((v) => v.show(found.box));
  },
  choose: (number) => conversation.choose(number),
  accept: (key) => corrections.accept(key),
});
new DescribedObjects(byId('described-objects'), surface, workspace);
new Busy(byId('busy'), opening, announce);
new Toolbar(byId('toolbar'), workspace, stage, tone);
const statusbar = new Statusbar(byId('statusbar'), workspace, stage, gestures, tone);
const start = new Start(byId('start'), api, workspace, {
  choose: choosePicture,
  gallery: (item) => opening.gallery(item),
});
const banner = new ModelBanner(byId('model-banner'), api, toasts);
const sessions = new Sessions(api, {
  open: (id) => opening.session(id),
  deleted: (id) => id === workspace.sessionId && opening.nothing(),
  current: () => workspace.sessionId,
});
const theme = new Theme(byId('theme'), announce);
makeSplitter(byId('splitter'), byId('workbench'));

// What goes on between them
opening.on('failed', (problem) => {
  if (workspace.image) toasts.fail(problem);
  else start.tell(problem);
});
workspace.on('image', () => {
  const { image } = workspace;
  start.tell(null);
  byId('picture-title').textContent = image?.name ?? '';
  document.title = image ? `${image.name} · ViLaM` : 'ViLaM';
  tone.reset();
  if (image) composer.focus();
});
workspace.on('turns', () => workspace.asking && tabs.open('chat'));
workspace.on('shown turn image', () => {
  const result = workspace.shown?.result;
  tabs.count(result ? result.objects.length + candidates(result).length : 0);
});
workspace.on('editing draft shown', () => {
  const note = byId('stage-note');
  note.hidden = !workspace.editing?.startsWith('o:');
  note.textContent = 'Drag handles or the whole, or use arrow keys. Enter: done. Ctrl+Z: undo.';
});
workspace.on('session', () => {
  // The address names the conversation, so that reloading or a bookmark brings it back.
  const hash = workspace.sessionId ? `#session=${workspace.sessionId}` : '';
  if (location.hash !== hash) window.history.replaceState(null, '', `${location.pathname}${location.search}${hash}`);
});
const undoButton = /** @type {HTMLButtonElement} */ (byId('undo'));
const redoButton = /** @type {HTMLButtonElement} */ (byId('redo'));
history.on('change', () => {
  undoButton.disabled = history.undoable === null;
  redoButton.disabled = history.redoable === null;
  undoButton.title = history.undoable ? `Undo: ${history.undoable} (Ctrl+Z)` : 'Nothing to undo';
  redoButton.title = history.redoable ? `Redo: ${history.redoable} (Ctrl+Shift+Z)` : 'Nothing to redo';
});
undoButton.addEventListener('click', undo);
redoButton.addEventListener('click', redo);
byId('open-image').addEventListener('click', choosePicture);
byId('open-sessions').addEventListener('click', () => sessions.open());
byId('help').addEventListener('click', () => shortcuts.open());
window.addEventListener('hashchange', openFromAddress);

const shortcuts = new Shortcuts(
  pageKeys({
    workspace,
    stage,
    tone,
    writeQuestion: () => composer.focus(),
    swapFocus: () => (document.activeElement === surface ? composer.focus() : surface.focus()),
    takeTool: (name) => (workspace.setTool(name), surface.focus()),
    choose: (number) => conversation.choose(number),
    askAbout,
    startEditing,
    rename: renameThing,
    nextTheme: () => theme.next(),
    openHelp: () => shortcuts.open(),
    escape,
    undo,
    redo,
  }),
);

banner.refresh();
start.load();
openFromAddress();

/** @param {File[]} files */
function openFiles([file, ...others]) {
  opening.file(file, file.name || 'Pasted picture');
  if (others.length)
    toasts.tell(`Opened ${file.name}; a conversation is about one picture, so ${others.length} more stayed closed`);
}

function openFromAddress() {
  const id = /^#session=(.+)$/.exec(location.hash)?.[1];
  if (id && decodeURIComponent(id) !== workspace.sessionId) opening.session(decodeURIComponent(id));
}

/** @param {string} key */
function removeThing(key) {
  const before = history.undoable;
  corrections.remove(key);
  if (history.undoable && history.undoable !== before) toasts.tell(history.undoable, { title: 'Undo', run: undo });
}

/** @param {string} key */
function startEditing(key) {
  const drawable = stage.drawables.find((other) => other.key === key);
  if (drawable?.kind !== 'object' && drawable?.kind !== 'region') return;
  workspace.setTool('select');
  workspace.edit(key);
  surface.focus();
}

/** @param {string} key */
function renameThing(key) {
  tabs.open('objects');
  objectsPanel.rename(key);
}

/** @param {string} id of an object, which becomes a region of the next question */
function askAbout(id) {
  corrections.addRegion({ object: id });
  composer.focus();
}

function escape() {
  if (hand().cancel()) return;
  if (workspace.tool !== 'select') workspace.setTool('select');
  else if (workspace.asking) conversation.cancel();
  else if (workspace.image) surface.focus();
}

function undo() {
  const words = history.undo();
  if (words) announce(`Taken back: ${words}`);
}

function redo() {
  const words = history.redo();
  if (words) announce(`Done again: ${words}`);
}

/**
 * @param {boolean} worked
 * @param {string} words
 */
function told(worked, words) {
  toasts.tell(worked ? words : 'The browser did not allow copying');
}
