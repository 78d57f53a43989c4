import { inkOn } from '../model/colours.js';
import { placeLabels } from './labels.js';

/** @import {Box, Polygon} from '../types.js' */
/** @import {Drawable} from '../model/drawables.js' */
/** @import {Picture} from './overlay.js' */
/** @import {Viewport} from './viewport.js' */

const TAG_HEIGHT = 20;
const TAG_FONT = '600 12px system-ui, sans-serif';
/** Tags for the first so many things in sight; further ones get theirs by zooming in. */
const MOST_TAGS = 400;

/** The tags of things on the picture: number, name and score. */
export class Tags {
  /** @type {Map<string, number>} */
  #widths = new Map();

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   * @param {Drawable[]} shown
   */
  paint(ctx, { viewport, ratio, lit }, shown) {
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.font = TAG_FONT;
    ctx.textBaseline = 'middle';
    const requests = shown.map((drawable, i) => {
      const [x1, y1] = viewport.toScreen(drawable.box[0], drawable.box[1]);
      const [x2, y2] = viewport.toScreen(drawable.box[2], drawable.box[3]);
      const r = drawable.point ? 10 : 0;
      return {
        key: drawable.key,
        box: /** @type {Box} */ ([x1 - r, y1 - r, x2 + r, y2 + r]),
        peak: drawable.polygons.length ? viewport.toScreen(peakOf(drawable.polygons), 0)[0] : undefined,
        full: this.#tagWidth(ctx, drawable),
        short: this.#numberWidth(ctx, drawable.number),
        priority: (lit.has(drawable.key) ? 1e6 : 0) + shown.length - i,
        lit: lit.has(drawable.key),
      };
    });
    requests.sort((a, b) => b.priority - a.priority);
    const labels = placeLabels(requests.slice(0, MOST_TAGS), TAG_HEIGHT, viewport);
    const someLit = shown.some(({ key }) => lit.has(key));
    for (const drawable of shown) {
      const label = labels.get(drawable.key);
      if (!label) continue;
      ctx.globalAlpha = someLit && !lit.has(drawable.key) ? 0.6 : 1;
      this.#tag(ctx, viewport, drawable, label);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Viewport} viewport
   * @param {Drawable} drawable
   * @param {import('./labels.js').Label} label
   */
  #tag(ctx, viewport, drawable, label) {
    const { number, colour, name, score, box } = drawable;
    const { x, y, width } = label;
    if (label.leader) {
      const [cx, cy] = viewport.toScreen((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(cx, cy);
      ctx.lineTo(x + width / 2, y + TAG_HEIGHT / 2);
      ctx.stroke();
    }
    const badge = this.#numberWidth(ctx, number);
    const bare = label.short || !name;
    if (!bare) rounded(ctx, x + badge, y, width - badge, [0, 4, 4, 0], 'rgba(17, 22, 25, 0.88)');
    rounded(ctx, x, y, badge, bare ? [4] : [4, 0, 0, 4], colour);
    ctx.fillStyle = inkOn(colour);
    ctx.textAlign = 'center';
    ctx.fillText(number, x + badge / 2, y + TAG_HEIGHT / 2 + 0.5);
    if (bare) return;
    ctx.textAlign = 'left';
    ctx.fillStyle = '#FFFFFF';
    ctx.fillText(clip(name), x + badge + 6, y + TAG_HEIGHT / 2 + 0.5);
    if (score) {
      ctx.textAlign = 'right';
      ctx.fillStyle = '#C9D3D8';
      ctx.fillText(score, x + width - 6, y + TAG_HEIGHT / 2 + 0.5);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Drawable} drawable
   */
  #tagWidth(ctx, { number, name, score }) {
    let width = this.#numberWidth(ctx, number);
    if (name) width += 12 + this.#textWidth(ctx, clip(name));
    if (score) width += 8 + this.#textWidth(ctx, score);
    return Math.ceil(width);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {string} number
   */
  #numberWidth(ctx, number) {
    return Math.max(TAG_HEIGHT, Math.ceil(this.#textWidth(ctx, number)) + 10);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {string} text
   */
  #textWidth(ctx, text) {
    let width = this.#widths.get(text);
    if (width === undefined) {
      if (this.#widths.size > 5000) this.#widths.clear();
      this.#widths.set(text, (width = ctx.measureText(text).width));
    }
    return width;
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number[]} radii
 * @param {string} style
 */
function rounded(ctx, x, y, width, radii, style) {
  ctx.fillStyle = style;
  ctx.beginPath();
  ctx.roundRect(x, y, width, TAG_HEIGHT, radii);
  ctx.fill();
}

/** @type {WeakMap<Polygon[], number>} */
const peaks = new WeakMap();

/**
 * Where an outline is highest, in image pixels across.
 *
 * @param {Polygon[]} polygons
 */
function peakOf(polygons) {
  let peak = peaks.get(polygons);
  if (peak === undefined) {
    const points = polygons.flatMap(({ exterior }) => exterior);
    const top = Math.min(...points.map(([, y]) => y));
    const highest = points.filter(([, y]) => y === top).map(([x]) => x);
    peak = (Math.min(...highest) + Math.max(...highest)) / 2;
    peaks.set(polygons, peak);
  }
  return peak;
}

/** @param {string} text */
function clip(text) {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}
