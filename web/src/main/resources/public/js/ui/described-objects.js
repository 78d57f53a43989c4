import { candidateNumber, candidates, spoken } from '../model/result.js';
import { el, fill } from './dom.js';

/** @import {Workspace} from '../model/workspace.js' */

const MOST = 100;

/** The picture in words, beside the canvas, for whoever cannot see it: what is on it, where, with coordinates. */
export class DescribedObjects {
  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} surface the picture, whose name says in short what the place says at length
   * @param {Workspace} workspace
   */
  constructor(place, surface, workspace) {
    workspace.on('image shown hidden turn', () => describe());

    function describe() {
      const { image, shown, hidden } = workspace;
      const result = shown?.result;
      if (!image) {
        surface.setAttribute('aria-label', 'No picture is open');
        fill(place);
        return;
      }
      const things = result ? [...result.objects, ...candidates(result)] : [];
      const visible = things.filter(({ id }) => !hidden.has(`o:${id}`));
      const count = `${visible.length} ${visible.length === 1 ? 'object' : 'objects'} marked`;
      surface.setAttribute('aria-label', `${image.name}, ${image.width} by ${image.height} pixels. ${count}`);
      fill(
        place,
        el(
          'ol',
          { 'aria-label': 'Objects on the picture' },
          ...visible.slice(0, MOST).map((found) => {
            const index = things.indexOf(found);
            const number = result?.status === 'ambiguous' ? Number(candidateNumber(found, index)) : index + 1;
            const [x1, y1, x2, y2] = found.box.map(Math.round);
            return el('li', {}, `${spoken(found, number, image)}, from ${x1}, ${y1} to ${x2}, ${y2}`);
          }),
          visible.length > MOST && el('li', {}, `and ${visible.length - MOST} more in the tab Objects`),
        ),
      );
    }
  }
}
