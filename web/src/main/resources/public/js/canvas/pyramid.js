const SMALLEST = 512;

/**
 * A picture in halving sizes, so that a frame never scales down many more pixels than it shows: a 48 megapixel image
 * fitted on a screen is drawn from a copy of about the screen's size.
 */
export class ImagePyramid {
  #levels;

  /** @param {ImageBitmap[]} levels largest first, each half the one before */
  constructor(levels) {
    this.#levels = levels;
  }

  /** @param {Blob} blob */
  static async of(blob) {
    const levels = [await createImageBitmap(blob)];
    for (let last = levels[0]; Math.max(last.width, last.height) > 2 * SMALLEST; last = levels[levels.length - 1]) {
      levels.push(
        await createImageBitmap(last, {
          resizeWidth: Math.max(1, Math.round(last.width / 2)),
          resizeHeight: Math.max(1, Math.round(last.height / 2)),
          resizeQuality: 'medium',
        }),
      );
    }
    return new ImagePyramid(levels);
  }

  get full() {
    return this.#levels[0];
  }

  /**
   * @param {number} width of the whole picture on the screen, in device pixels
   * @returns {ImageBitmap} the smallest copy that is still as fine
   */
  levelFor(width) {
    return this.#levels.findLast((level) => level.width >= width) ?? this.full;
  }

  close() {
    this.#levels.forEach((level) => level.close());
  }
}
