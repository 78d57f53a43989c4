import { downloadBlob } from './dom.js';
import { openMenu } from './menu.js';
import { Problem } from '../problem.js';

/** @import {Api} from '../api.js' */
/** @import {Turn, Workspace} from '../model/workspace.js' */

const FORMATS = [
  { format: 'coco', title: 'COCO JSON', note: 'boxes, outlines, keypoints' },
  { format: 'rle', title: 'COCO RLE', note: 'masks' },
  { format: 'yolo', title: 'YOLO', note: 'boxes' },
  { format: 'yolo-seg', title: 'YOLO seg', note: 'outlines' },
  { format: 'yolo-pose', title: 'YOLO pose', note: 'keypoints' },
  { format: 'labelme', title: 'LabelMe', note: '' },
  { format: 'labelstudio', title: 'Label Studio', note: '' },
  { format: 'geojson', title: 'GeoJSON', note: 'QuPath' },
  { format: 'png', title: 'PNG', note: 'the picture with everything drawn on it' },
  { format: 'svg', title: 'SVG', note: 'drawn, to edit' },
];

/** Saves the objects of an answer, with all corrections, in a format that other programs read. */
export class Exports {
  #api;
  #workspace;
  #news;

  /**
   * @param {Api} api
   * @param {Workspace} workspace
   * @param {{tell: (words: string) => void, fail: (problem: Problem) => void}} news
   */
  constructor(api, workspace, news) {
    this.#api = api;
    this.#workspace = workspace;
    this.#news = news;
  }

  /**
   * @param {Turn} turn
   * @param {HTMLElement} anchor
   */
  open(turn, anchor) {
    openMenu(
      anchor,
      'Export as',
      FORMATS.map(({ title, note, format }) => ({ title, note, run: () => this.#save(turn, format) })),
    );
  }

  /**
   * @param {Turn} turn
   * @param {string} format
   */
  async #save(turn, format) {
    const { sessionId, image } = this.#workspace;
    if (!sessionId || turn.n === null) return;
    try {
      const { blob, name } = await this.#api.exported(sessionId, turn.n, format);
      const picture = (image?.name ?? '').replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
      const file = `${picture || 'picture'}-${turn.n}-${name}`;
      downloadBlob(blob, file);
      this.#news.tell(`Saved ${file}`);
    } catch (error) {
      this.#news.fail(Problem.from(error));
    }
  }
}
