import { keypointAt } from '../model/drawables.js';
import { keypointWords } from '../model/result.js';
import { el, fill } from './dom.js';

/** @import {Gestures, Place} from '../canvas/gestures.js' */
/** @import {Stage} from '../canvas/stage.js' */
/** @import {Tone} from '../canvas/tone.js' */
/** @import {Workspace} from '../model/workspace.js' */

/** Where the pointer is, what colour the picture has there, how large it is shown, and how strong the marks are. */
export class Statusbar {
  #place = el('span', { class: 'status-place' });
  #size = el('span');
  #zoom = el('span', { class: 'status-zoom' });
  #tone = el('span');
  #stage;
  #tones;

  /**
   * @param {HTMLElement} bar
   * @param {Workspace} workspace
   * @param {Stage} stage
   * @param {Gestures} gestures
   * @param {Tone} tone
   */
  constructor(bar, workspace, stage, gestures, tone) {
    this.#stage = stage;
    this.#tones = tone;
    const opacity = el('input', {
      type: 'range',
      min: 0,
      max: 0.8,
      step: 0.05,
      '.value': workspace.view.opacity,
      on: { input: () => workspace.setView({ opacity: Number(opacity.value) }) },
    });
    fill(
      bar,
      this.#place,
      this.#tone,
      el('span', { class: 'status-gap' }),
      this.#size,
      this.#zoom,
      el('label', { class: 'status-opacity' }, 'Fill', opacity),
    );
    gestures.on('place', (place) => this.#show(place));
    stage.on('view', () => (this.#zoom.textContent = `${percent(stage.viewport.scale)} %`));
    workspace.on('image', () => {
      const { image } = workspace;
      this.#size.textContent = image ? `${image.width} × ${image.height}` : '';
      bar.classList.toggle('idle', !image);
      this.#place.textContent = '';
    });
    bar.classList.add('idle');
  }

  toneChanged() {
    this.#tone.textContent = this.#tones.words;
  }

  /** @param {Place|null} place */
  #show(place) {
    const colour = place && this.#stage.pixel(place.x, place.y);
    if (!place || !colour) {
      this.#place.textContent = '';
      return;
    }
    const [r, g, b] = colour;
    const value = r === g && g === b ? `grey ${r}` : `rgb ${r}, ${g}, ${b}`;
    const keypoint = keypointAt(this.#stage.drawables, place.x, place.y, 8 / this.#stage.viewport.scale);
    const words = [`${Math.floor(place.x)}, ${Math.floor(place.y)}`, value, keypoint && keypointWords(keypoint)];
    this.#place.textContent = words.filter(Boolean).join(' · ');
  }
}

/** @param {number} scale */
function percent(scale) {
  const value = 100 * scale;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
