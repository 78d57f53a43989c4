import { inkOn } from '../model/colours.js';
import { boxArea, boxesOverlap } from '../model/geometry.js';
import { placeLabels } from './labels.js';
import { ShapePaths } from './shapes.js';
import { isPlaced, limbs } from './skeleton.js';

/** @import {Box} from '../types.js' */
/** @import {Drawable} from '../model/drawables.js' */
/** @import {View} from '../model/workspace.js' */
/** @import {Viewport} from './viewport.js' */

const TAG_HEIGHT = 20;
const TAG_FONT = '600 12px system-ui, sans-serif';
const HALO = 'rgba(0, 0, 0, 0.65)';
/** Under dashes, whose gaps would else look as strong as they do. */
const THIN_HALO = 'rgba(0, 0, 0, 0.4)';
/** Tags for the first so many things in sight; further ones get theirs by zooming in. */
const MOST_TAGS = 400;
/**
 * More things in sight than this are drawn with lines of one device pixel and no halos: Skia strokes such lines many times
 * faster than wider ones (5 ms instead of 44 ms for 2,000 outlines).
 */
const MANY = 400;

/**
 * @typedef {object} Picture what a frame shows
 * @property {Viewport} viewport
 * @property {number} ratio device pixels for each CSS pixel
 * @property {Drawable[]} drawables
 * @property {Set<string>} lit keys of what is pointed at or selected
 * @property {string|null} editing key of the thing whose handles are out
 * @property {View} view
 */

/** Draws what was found, what is asked about and what a person marked over the picture. */
export class Overlay {
  #shapes = new ShapePaths();
  /** @type {Map<string, number>} */
  #widths = new Map();

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   */
  paint(ctx, picture) {
    const { viewport, drawables, lit, view, editing } = picture;
    const visible = viewport.visible;
    const slack = 8 / viewport.scale;
    /** @type {Box} */
    const around = [visible[0] - slack, visible[1] - slack, visible[2] + slack, visible[3] + slack];
    const inSight = drawables.filter(({ box, point }) => boxesOverlap(point ? grown(box, slack) : grown(box, 0), around));
    const shown = inSight.filter(({ kind }) => view.overlay || kind === 'region');
    if (view.dim && view.overlay) this.#dim(ctx, picture, shown);
    const bright = shown.filter(({ key }) => lit.has(key));
    const others = bright.length ? shown.filter(({ key }) => !lit.has(key)) : shown;
    ctx.globalAlpha = bright.length ? 0.45 : 1;
    const usual = others.length > MANY ? 'thin' : 'usual';
    for (const drawable of others) this.#shape(ctx, picture, drawable, drawable.kind === 'object' ? usual : 'usual');
    ctx.globalAlpha = 1;
    for (const drawable of bright) this.#shape(ctx, picture, drawable, 'lit');
    if (view.labels) this.#tags(ctx, picture, shown.filter(({ key }) => key !== editing));
    ctx.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   */
  #inImagePixels(ctx, { viewport, ratio }) {
    const s = ratio * viewport.scale;
    ctx.setTransform(s, 0, 0, s, ratio * viewport.x, ratio * viewport.y);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   * @param {Drawable[]} shown
   */
  #dim(ctx, picture, shown) {
    const { viewport } = picture;
    const bright = shown.filter(({ kind }) => kind === 'object' || kind === 'candidate');
    if (!bright.length) return;
    ctx.save();
    this.#inImagePixels(ctx, picture);
    ctx.fillStyle = 'rgba(0, 0, 0, 0.62)';
    ctx.fillRect(0, 0, viewport.imageWidth, viewport.imageHeight);
    ctx.globalCompositeOperation = 'destination-out';
    ctx.fillStyle = '#000';
    for (const drawable of bright) ctx.fill(this.#outline(drawable, viewport.scale), 'evenodd');
    ctx.restore();
  }

  /**
   * @param {Drawable} drawable
   * @param {number} scale
   */
  #outline({ polygons, box: [x1, y1, x2, y2] }, scale) {
    if (polygons.length) return this.#shapes.of(polygons, scale);
    const path = new Path2D();
    path.rect(x1, y1, x2 - x1, y2 - y1);
    return path;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   * @param {Drawable} drawable
   * @param {'thin'|'usual'|'lit'} weight
   */
  #shape(ctx, picture, drawable, weight) {
    const { viewport, ratio, view } = picture;
    const px = 1 / viewport.scale;
    const isLit = weight === 'lit';
    if (drawable.point) {
      this.#pin(ctx, picture, drawable, isLit);
      return;
    }
    this.#inImagePixels(ctx, picture);
    const path = this.#outline(drawable, viewport.scale);
    const fill = fillOpacity(drawable, view.opacity) * (isLit ? 1.5 : 1);
    if (fill > 0) {
      const alpha = ctx.globalAlpha;
      ctx.globalAlpha = alpha * Math.min(1, fill);
      ctx.fillStyle = drawable.colour;
      ctx.fill(path, 'evenodd');
      ctx.globalAlpha = alpha;
    }
    ctx.lineJoin = 'round';
    const dash = dashOf(drawable).map((length) => length * px);
    if (weight !== 'thin') {
      ctx.strokeStyle = dash.length ? THIN_HALO : HALO;
      ctx.lineWidth = (isLit ? 6 : 4) * px;
      ctx.stroke(path);
    }
    ctx.setLineDash(dash);
    ctx.strokeStyle = drawable.colour;
    ctx.lineWidth = weight === 'thin' ? px / ratio : (isLit ? 3 : 2) * px;
    ctx.stroke(path);
    ctx.setLineDash([]);
    if (drawable.keypoints.length) {
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      skeleton(ctx, viewport, drawable, isLit);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   * @param {Drawable} drawable
   * @param {boolean} isLit
   */
  #pin(ctx, { viewport, ratio }, { point, colour }, isLit) {
    if (!point) return;
    const [x, y] = viewport.toScreen(point[0], point[1]);
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const r = isLit ? 8 : 6;
    for (const [style, width] of /** @type {[string, number][]} */ ([[HALO, 4], [colour, 2]])) {
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.moveTo(x - r - 5, y);
      ctx.lineTo(x + r + 5, y);
      ctx.moveTo(x, y - r - 5);
      ctx.lineTo(x, y + r + 5);
      ctx.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Picture} picture
   * @param {Drawable[]} shown
   */
  #tags(ctx, { viewport, ratio, lit }, shown) {
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
 * @param {Box} box
 * @param {number} by
 * @returns {Box}
 */
function grown([x1, y1, x2, y2], by) {
  return [x1 - by, y1 - by, x2 + by, y2 + by];
}

/**
 * @param {Drawable} drawable
 * @param {number} opacity
 */
function fillOpacity({ kind, polygons, keypoints, box }, opacity) {
  if (kind === 'near' || kind === 'asked') return 0;
  if (kind === 'region') return 0.12;
  // A filled box hides what is in it, an outline follows it: boxes are filled faintly, those around a skeleton not.
  if (!polygons.length) return keypoints.length || boxArea(box) === 0 ? 0 : opacity * 0.4;
  return opacity;
}

/** @param {Drawable} drawable */
function dashOf({ kind }) {
  if (kind === 'candidate' || kind === 'near') return [8, 5];
  if (kind === 'region' || kind === 'asked') return [2, 4];
  return [];
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Viewport} viewport
 * @param {Drawable} drawable
 * @param {boolean} isLit
 */
function skeleton(ctx, viewport, { keypoints, colour }, isLit) {
  const lines = limbs(keypoints);
  ctx.lineCap = 'round';
  for (const [style, width] of /** @type {[string, number][]} */ ([[HALO, 5], [colour, isLit ? 3 : 2.5]])) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const [a, b] of lines) {
      ctx.moveTo(...viewport.toScreen(a.x ?? 0, a.y ?? 0));
      ctx.lineTo(...viewport.toScreen(b.x ?? 0, b.y ?? 0));
    }
    ctx.stroke();
  }
  for (const point of keypoints.filter(isPlaced)) {
    const [x, y] = viewport.toScreen(point.x ?? 0, point.y ?? 0);
    ctx.beginPath();
    ctx.arc(x, y, isLit ? 5.5 : 4.5, 0, 2 * Math.PI);
    // Seen points are full; those that something covers are rings.
    ctx.fillStyle = point.visibility === 'occluded' ? '#111619' : colour;
    ctx.fill();
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = point.visibility === 'occluded' ? colour : '#111619';
    ctx.stroke();
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

/** @param {string} text */
function clip(text) {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}
