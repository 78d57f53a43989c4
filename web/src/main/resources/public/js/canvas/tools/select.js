import { arrowOf } from './crosshair.js';

/** @import {Place, Tool} from '../gestures.js' */
/** @import {Stage} from '../stage.js' */
/** @import {Editor} from '../editor.js' */
/** @import {Workspace} from '../../model/workspace.js' */
/** @import {Drawable} from '../../model/drawables.js' */

/**
 * Points at things, picks them, and moves those whose handles are out.
 *
 * @implements {Tool}
 */
export class SelectTool {
  #workspace;
  #stage;
  #editor;
  #actions;

  /**
   * @param {Workspace} workspace
   * @param {Stage} stage
   * @param {Editor} editor
   * @param {{choose: (drawable: Drawable) => void, remove: (key: string) => void, say: (words: string) => void}} actions
   */
  constructor(workspace, stage, editor, actions) {
    this.#workspace = workspace;
    this.#stage = stage;
    this.#editor = editor;
    this.#actions = actions;
  }

  /** @param {Place} place */
  down(place) {
    return this.#editor.grab(place);
  }

  /**
   * @param {Place} place
   * @param {boolean} pressed
   */
  move(place, pressed) {
    if (pressed) {
      this.#editor.drag(place);
      return;
    }
    const under = this.#stage.at(place.sx, place.sy);
    this.#workspace.point(under ? [under.key] : []);
  }

  up() {
    this.#editor.drop();
  }

  /** @param {Place} place */
  click({ sx, sy, touch }) {
    const under = this.#stage.at(sx, sy, undefined, touch ? 14 : 5);
    if (under?.kind === 'candidate') this.#actions.choose(under);
    else this.#workspace.select(under?.key ?? null);
    // What a person drew is theirs: its handles need no further step.
    this.#workspace.edit(under?.kind === 'region' ? under.key : null);
  }

  /** @param {Place} place */
  doubleClick({ sx, sy }) {
    const under = this.#stage.at(sx, sy);
    if (under?.kind === 'object') this.#workspace.edit(under.key);
  }

  cancel() {
    if (this.#workspace.draft) {
      this.#editor.cancel();
      return true;
    }
    if (this.#workspace.editing) {
      this.#workspace.edit(null);
      return true;
    }
    if (this.#workspace.selection) {
      this.#workspace.select(null);
      return true;
    }
    return false;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { selection, editing } = this.#workspace;
    const arrow = arrowOf(event.key);
    if (arrow) {
      const [dx, dy] = arrow;
      if (editing) this.#editor.nudge(dx * (event.shiftKey ? 10 : 1), dy * (event.shiftKey ? 10 : 1));
      else this.#stage.move((v) => v.pan(-48 * dx, -48 * dy));
      return true;
    }
    switch (event.key) {
      case 'Tab':
        return this.#step(event.shiftKey ? -1 : 1);
      case 'Enter':
        return this.#accept();
      case 'Delete':
      case 'Backspace':
        if (editing && this.#editor.removeActive()) return true;
        if (selection) this.#actions.remove(selection);
        return selection !== null;
      case '.':
      case ',':
        if (!editing) return false;
        this.#actions.say(this.#editor.step(event.key === '.' ? 1 : -1));
        return true;
      default:
        return false;
    }
  }

  /** @param {Place} place */
  cursor(place) {
    return this.#editor.cursorAt(place) ?? (this.#stage.at(place.sx, place.sy) ? 'pointer' : 'grab');
  }

  #accept() {
    const { selection, editing } = this.#workspace;
    if (editing) {
      this.#workspace.edit(null);
      return true;
    }
    const drawable = this.#stage.drawables.find(({ key }) => key === selection);
    if (drawable?.kind === 'candidate') this.#actions.choose(drawable);
    else if (drawable?.kind === 'object' || drawable?.kind === 'region') this.#workspace.edit(drawable.key);
    return drawable !== undefined;
  }

  /**
   * Goes to the next thing; past the last the key is not used, so that the focus leaves the picture.
   *
   * @param {number} step
   */
  #step(step) {
    const things = this.#stage.drawables.filter(({ kind }) => kind !== 'asked');
    const at = things.findIndex(({ key }) => key === this.#workspace.selection);
    const next = things[at < 0 && step < 0 ? -1 : at + step];
    if (!next) {
      this.#workspace.select(null);
      return false;
    }
    this.#workspace.select(next.key);
    this.#bringIntoSight(next);
    return true;
  }

  /** @param {Drawable} drawable */
  #bringIntoSight({ box: [x1, y1, x2, y2] }) {
    const [vx1, vy1, vx2, vy2] = this.#stage.viewport.visible;
    const [cx, cy] = [(x1 + x2) / 2, (y1 + y2) / 2];
    if (cx < vx1 || cy < vy1 || cx > vx2 || cy > vy2) this.#stage.move((v) => v.show([x1, y1, x2, y2]));
  }
}
