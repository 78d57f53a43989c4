import { boxArea, boxesOverlap } from '../model/geometry.js';
import { ShapePaths } from './shapes.js';
import { HALO, paintSkeleton } from './skeleton.js';
import { Tags } from './tags.js';

/** @import {Box} from '../types.js' */
/** @import {Drawable} from '../model/drawables.js' */
/** @import {View} from '../model/workspace.js' */
/** @import {Viewport} from './viewport.js' */

/** Under dashes, whose gaps would else look as strong as they do. */
const THIN_HALO = 'rgba(0, 0, 0, 0.4)';
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
  #tags = new Tags();

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
    const inSight = drawables.filter(({ box, point }) =>
      boxesOverlap(point ? grown(box, slack) : grown(box, 0), around),
    );
    const shown = inSight.filter(({ kind }) => view.overlay || kind === 'region');
    if (view.dim && view.overlay) this.#dim(ctx, picture, shown);
    const bright = shown.filter(({ key }) => lit.has(key));
    const others = bright.length ? shown.filter(({ key }) => !lit.has(key)) : shown;
    ctx.globalAlpha = bright.length ? 0.45 : 1;
    const usual = others.length > MANY ? 'thin' : 'usual';
    for (const drawable of others) this.#shape(ctx, picture, drawable, drawable.kind === 'object' ? usual : 'usual');
    ctx.globalAlpha = 1;
    for (const drawable of bright) this.#shape(ctx, picture, drawable, 'lit');
    if (view.labels)
      this.#tags.paint(
        ctx,
        picture,
        shown.filter(({ key }) => key !== editing),
      );
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
      paintSkeleton(ctx, viewport, drawable, isLit);
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
    for (const [style, width] of /** @type {[string, number][]} */ ([
      [HALO, 4],
      [colour, 2],
    ])) {
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
