/**
 * Okabe and Ito's colours, told apart by people with any kind of colour vision (https://jfly.uni-koeln.de/color/);
 * without their black, which a dark picture would swallow. Numbers on the badges say the same as the colours.
 */
export const PALETTE = ['#E69F00', '#56B4E9', '#009E73', '#F0E442', '#0072B2', '#D55E00', '#CC79A7'];

/** What a person draws is white with a dark halo: no object has that colour. */
export const OWN = '#FFFFFF';

/**
 * Black or white, whichever is easier to read on a colour.
 *
 * @param {string} colour `#rrggbb`
 */
export function inkOn(colour) {
  const l = luminance(colour);
  return (l + 0.05) / 0.05 > 1.05 / (l + 0.05) ? '#000000' : '#FFFFFF';
}

/**
 * Relative luminance of WCAG 2.
 *
 * @param {string} colour `#rrggbb`
 */
export function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Gives things their colours in the order in which they turn up; a thing that is met again has the colour it had. */
export class ColourBook {
  /** @type {Map<string, string>} */
  #given = new Map();

  /** @param {string} id an object's, the same in every turn that finds it */
  of(id) {
    let colour = this.#given.get(id);
    if (!colour) this.#given.set(id, (colour = PALETTE[this.#given.size % PALETTE.length]));
    return colour;
  }
}
