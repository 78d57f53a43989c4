import { el, fill, icon } from './dom.js';
import { problemCard } from './problem-card.js';
import { Problem } from '../problem.js';

/** @import {Api} from '../api.js' */
/** @import {GalleryItem} from '../types.js' */
/** @import {Workspace} from '../model/workspace.js' */

/** What is on the desk before a picture is: the ways to open one, and the gallery. */
export class Start {
  #place;
  #api;
  #actions;
  #gallery = el('div', { class: 'gallery-grid' });
  #trouble = el('div', { class: 'start-trouble' });

  /**
   * @param {HTMLElement} place
   * @param {Api} api
   * @param {Workspace} workspace
   * @param {{choose: () => void, gallery: (item: GalleryItem) => void}} actions
   */
  constructor(place, api, workspace, actions) {
    this.#place = place;
    this.#api = api;
    this.#actions = actions;
    fill(
      place,
      el(
        'div',
        { class: 'start-inner' },
        this.#trouble,
        el(
          'button',
          { type: 'button', class: 'drop-zone', id: 'drop-zone', on: { click: actions.choose } },
          icon('image'),
          el('span', { class: 'drop-title' }, 'Drop a picture here'),
          el(
            'span',
            { class: 'muted' },
            'paste it, or click to choose a file: JPEG, PNG, TIFF, WebP, DICOM and others',
          ),
        ),
        el('h2', { class: 'gallery-title' }, 'Or begin with one of these'),
        this.#gallery,
      ),
    );
    workspace.on('image', () => (place.hidden = workspace.image !== null));
  }

  async load() {
    fill(this.#gallery, ...Array.from({ length: 6 }, () => el('div', { class: 'gallery-card ghost' })));
    try {
      const items = await this.#api.gallery();
      fill(this.#gallery, ...items.map((item) => this.#card(item)));
      if (!items.length) fill(this.#gallery, el('p', { class: 'muted' }, 'This server has no gallery.'));
    } catch (error) {
      const again = el(
        'button',
        { type: 'button', class: 'link-button', on: { click: () => this.load() } },
        icon('retry'),
        'Try again',
      );
      fill(this.#gallery, problemCard(Problem.from(error), again));
    }
  }

  /** @param {Problem|null} problem why the last picture could not be opened */
  tell(problem) {
    fill(this.#trouble, problem && problemCard(problem));
    if (problem) this.#place.scrollTop = 0;
  }

  /** @param {GalleryItem} item */
  #card(item) {
    const { title, image_url, suggestions } = item;
    return el(
      'button',
      { type: 'button', class: 'gallery-card', on: { click: () => this.#actions.gallery(item) } },
      el('img', { src: this.#api.url(image_url), alt: '', loading: 'lazy', decoding: 'async' }),
      el('span', { class: 'gallery-name' }, title),
      suggestions?.[0] && el('span', { class: 'gallery-idea' }, `“${suggestions[0]}”`),
    );
  }
}
