import { el, fill, icon } from './dom.js';
import { openPanel } from './menu.js';
import { taskTitle } from '../model/result.js';
import { Problem } from '../problem.js';

/** @import {Api} from '../api.js' */
/** @import {ModelInfo, Status} from '../types.js' */

const RETRY_AFTER = 2000;

/** Says which model answers, on what, and what it knows: nobody should have to guess what can be asked. */
export class ModelBanner {
  #place;
  #api;
  #tell;
  #timer = 0;

  /**
   * @param {HTMLElement} place
   * @param {Api} api
   * @param {{tell: (words: string) => void, fail: (problem: Problem) => void}} news
   */
  constructor(place, api, news) {
    this.#place = place;
    this.#api = api;
    this.#tell = news;
  }

  async refresh() {
    clearTimeout(this.#timer);
    try {
      const status = await this.#api.status();
      if (status.model) this.#show(status.model, status);
      else if (status.state === 'failed') this.#without('No model answers', status.problem ?? '', status);
      else this.#wait('The model is being loaded', 'You can open a picture and write your question meanwhile.');
      if (!status.model) this.#again();
    } catch (error) {
      const { title, hint } = Problem.from(error);
      this.#without(title, hint);
      this.#again();
    }
  }

  #again() {
    this.#timer = window.setTimeout(() => this.refresh(), RETRY_AFTER);
  }

  /**
   * @param {string} title
   * @param {string} words
   */
  #wait(title, words) {
    fill(
      this.#place,
      el(
        'p',
        { class: 'model-line' },
        el('span', { class: 'lamp waiting', 'aria-hidden': 'true' }),
        el('strong', {}, title),
      ),
      el('p', { class: 'model-knows' }, words),
    );
  }

  /**
   * @param {string} title
   * @param {string} words
   * @param {Status} [status]
   */
  #without(title, words, status) {
    fill(
      this.#place,
      el(
        'p',
        { class: 'model-line model-lost' },
        icon('warning'),
        el('strong', {}, title),
        status && this.#modelsButton(status.version),
      ),
      words && el('p', { class: 'model-knows', title: words }, words),
    );
  }

  /** @param {string} [version] */
  #modelsButton(version) {
    const more = el(
      'button',
      {
        type: 'button',
        class: 'link-button',
        'aria-haspopup': 'dialog',
        on: { click: () => this.#openModels(more, version) },
      },
      'Models',
      icon('down'),
    );
    return more;
  }

  /**
   * @param {ModelInfo} model
   * @param {Status} status
   */
  #show(model, { device, knows, version }) {
    const about = knows || model.knows || '';
    fill(
      this.#place,
      el(
        'p',
        { class: 'model-line' },
        el('span', { class: 'lamp', 'aria-hidden': 'true' }),
        el('strong', {}, model.title || model.id),
        device && el('span', { class: 'device' }, device.toUpperCase()),
        this.#modelsButton(version),
      ),
      about && el('p', { class: 'model-knows', title: about }, about),
    );
  }

  /**
   * @param {HTMLElement} anchor
   * @param {string} [version]
   */
  async #openModels(anchor, version) {
    const panel = el('div', { class: 'models' }, el('p', { class: 'muted' }, 'Looking for models…'));
    const close = openPanel(anchor, panel, { label: 'Models', end: true });
    try {
      const models = await this.#api.models();
      fill(
        panel,
        ...models.map((model) => this.#model(model, close)),
        version && el('p', { class: 'fine-print' }, `Program ${version}`),
      );
    } catch (error) {
      const { title, detail } = Problem.from(error);
      fill(panel, el('p', {}, `${title}. ${detail}`));
    }
  }

  /**
   * @param {ModelInfo} model
   * @param {() => void} close
   */
  #model(model, close) {
    const use = el(
      'button',
      {
        type: 'button',
        class: 'button',
        on: {
          click: async () => {
            use.disabled = true;
            use.textContent = 'Loading…';
            try {
              await this.#api.activate(model.id);
              this.#tell.tell(`${model.title || model.id} answers from now on`);
              close();
            } catch (error) {
              this.#tell.fail(Problem.from(error));
              use.disabled = false;
              use.textContent = 'Use';
            }
            await this.refresh();
          },
        },
      },
      'Use',
    );
    const size = model.size ? bytes(model.size) : '';
    const trained = model.provenance?.trained_on ?? [];
    return el(
      'div',
      { class: 'model' },
      el(
        'div',
        {},
        el('strong', {}, model.title || model.id),
        el('p', {}, model.knows ?? ''),
        Boolean(model.abilities?.length) &&
          el(
            'p',
            { class: 'muted' },
            `Can: ${model.abilities?.map((task) => taskTitle(task).toLowerCase()).join(', ')}`,
          ),
        trained.length > 0 && el('p', { class: 'muted' }, `Trained on: ${trained.join(', ')}`),
        el(
          'p',
          { class: 'fine-print' },
          [model.family ?? model.id, size, model.provenance?.licence].filter(Boolean).join(' · '),
        ),
      ),
      model.active ? el('span', { class: 'device' }, 'In use') : use,
    );
  }
}

/** @param {number} count */
function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power]}`;
}
