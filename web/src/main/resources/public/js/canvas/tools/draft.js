/**
 * An unfinished shape: white dashes on black, visible on any picture.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Path2D} path in CSS pixels of the stage
 */
export function strokeDraft(ctx, path) {
  ctx.lineJoin = 'round';
  ctx.strokeStyle = 'rgba(0, 0, 0, 0.75)';
  ctx.lineWidth = 3;
  ctx.stroke(path);
  ctx.strokeStyle = '#FFFFFF';
  ctx.lineWidth = 1.5;
  ctx.setLineDash([5, 4]);
  ctx.stroke(path);
  ctx.setLineDash([]);
}
