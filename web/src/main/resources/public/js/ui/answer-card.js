import {
  answerParts,
  candidateNumber,
  candidates,
  nameOf,
  nearMisses,
  scoreWords,
  TASKS,
  taskTitle,
} from '../model/result.js';
import { el, icon } from './dom.js';
import { foundRow, meter, pointing } from './found-row.js';

/** @import {Result} from '../types.js' */
/** @import {Turn, Workspace} from '../model/workspace.js' */

/**
 * @typedef {object} CardActions
 * @property {(turn: Turn) => void} show
 * @property {(turn: Turn, task: string) => void} askAs
 * @property {(number: string) => void} choose
 * @property {(turn: Turn, key: string) => void} pick
 * @property {(turn: Turn) => void} fix
 * @property {(turn: Turn) => void} copyJson
 * @property {(turn: Turn) => void} copyCurl
 * @property {(turn: Turn, anchor: HTMLElement) => void} exports
 * @property {() => void} showNear
 */

const MOST_ROWS = 8;

/**
 * An answer: the sentence with its phrases linked to the picture, the objects, and what can be done with them.
 *
 * @param {Turn} turn that has a result
 * @param {boolean} isShown
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
export function answerCard(turn, isShown, workspace, actions) {
  const result = /** @type {Result} */ (turn.result);
  return el(
    'article',
    { class: `answer answer-${result.status}`, 'aria-label': 'Answer' },
    el('div', { class: 'answer-head' }, taskChip(turn, result, actions), shownMark(turn, isShown, actions)),
    sentence(turn, result, workspace, actions),
    ...body(turn, result, workspace, actions),
    ...(result.warnings ?? []).map(({ message }) => el('p', { class: 'answer-warning' }, icon('warning'), message)),
    el(
      'p',
      { class: 'actions' },
      result.objects.length > 0 && action('pencil', 'Fix', 'fix', () => actions.fix(turn)),
      action('copy', 'JSON', 'json', () => actions.copyJson(turn), 'Copy the result as JSON'),
      action('terminal', 'curl', 'curl', () => actions.copyCurl(turn), 'Copy the question as a curl command'),
      exportButton(turn, actions),
    ),
    el('p', { class: 'fine-print' }, finePrint(result)),
  );
}

/**
 * @param {Turn} turn
 * @param {Result} result
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
function body(turn, result, workspace, actions) {
  if (result.status === 'ambiguous') return [choices(turn, result, workspace, actions)];
  const near = nearMisses(result);
  return [
    result.status === 'no_target' && presenceLine(result),
    result.objects.length > 0 && objectRows(turn, result, workspace, actions),
    near.length > 0 &&
      el(
        'p',
        { class: 'near' },
        result.status === 'no_target' ? 'Nearest: ' : 'Also possible: ',
        ...near
          .slice(0, 3)
          .flatMap((found, i) => [i ? ', ' : '', `${nameOf(found)} ${scoreWords(found.score)}`.trim()]),
        ' ',
        el(
          'button',
          {
            type: 'button',
            class: 'link-button',
            data: { focus: 'near' },
            'aria-pressed': String(workspace.view.near && workspace.shown === turn),
            on: { click: () => (actions.show(turn), actions.showNear()) },
          },
          workspace.view.near && workspace.shown === turn ? 'Hide' : 'Show',
        ),
      ),
  ];
}

/**
 * @param {Turn} turn
 * @param {Result} result
 * @param {CardActions} actions
 */
function taskChip(turn, result, actions) {
  const select = el(
    'select',
    {
      class: 'answer-task',
      'aria-label': 'Kind of answer; choose another to ask again',
      title: 'Not what you meant? Ask the same as another kind of question',
      data: { focus: 'task' },
      on: {
        change: () => {
          const task = select.value;
          select.value = result.task;
          actions.askAs(turn, task);
        },
      },
    },
    ...TASKS.filter(({ value }) => value).map(({ value, title }) =>
      el('option', { value, '.selected': value === result.task }, title),
    ),
  );
  if (!TASKS.some(({ value }) => value === result.task)) {
    select.prepend(el('option', { value: result.task, '.selected': true }, taskTitle(result.task)));
  }
  const source = result.task_source === 'requested' ? 'as you asked' : 'from your words';
  return el('span', { class: 'answer-kind' }, select, el('span', { class: 'muted' }, source));
}

/**
 * @param {Turn} turn
 * @param {boolean} isShown
 * @param {CardActions} actions
 */
function shownMark(turn, isShown, actions) {
  if (isShown) return el('span', { class: 'shown-mark' }, icon('eye'), 'on the picture');
  return action('eye', 'Show', 'show', () => actions.show(turn), 'Show this answer on the picture');
}

/**
 * @param {Turn} turn
 * @param {Result} result
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
function sentence(turn, result, workspace, actions) {
  const parts = answerParts(result).map(({ text, objects }, i) =>
    objects.length ? phrase(turn, text, objects, i, workspace, actions) : text,
  );
  return el('p', { class: 'answer-text' }, ...parts);
}

/**
 * @param {Turn} turn
 * @param {string} text
 * @param {string[]} objects
 * @param {number} index
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
function phrase(turn, text, objects, index, workspace, actions) {
  const keys = objects.map((id) => `o:${id}`);
  const node = el(
    'button',
    {
      type: 'button',
      class: 'phrase',
      data: { keys: keys.join(' '), focus: `phrase-${index}` },
      on: { ...pointing(turn, keys, workspace), click: () => actions.pick(turn, keys[0]) },
    },
    text,
  );
  node.style.setProperty('--phrase', workspace.colourOf(objects[0]));
  return node;
}

/**
 * @param {Turn} turn
 * @param {Result} result
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
function objectRows(turn, result, workspace, actions) {
  const { objects } = result;
  const rows = objects
    .slice(0, MOST_ROWS)
    .map((found, i) => foundRow(turn, found, String(i + 1), workspace, () => actions.pick(turn, `o:${found.id}`)));
  const rest = objects.length - rows.length;
  return el(
    'ul',
    { class: 'found-list' },
    ...rows,
    rest > 0 && el('li', { class: 'muted found-rest' }, `and ${rest} more in the tab Objects`),
  );
}

/**
 * @param {Turn} turn
 * @param {Result} result
 * @param {Workspace} workspace
 * @param {CardActions} actions
 */
function choices(turn, result, workspace, actions) {
  const open = workspace.openQuestion === turn && !workspace.asking;
  return el(
    'div',
    { class: 'choices' },
    el(
      'ul',
      { class: 'found-list' },
      ...candidates(result).map((found, i) => {
        const number = candidateNumber(found, i);
        return foundRow(turn, found, number, workspace, () =>
          open ? actions.choose(number) : actions.pick(turn, `o:${found.id}`),
        );
      }),
    ),
    open && el('p', { class: 'muted' }, 'Click one here or on the picture, press its number, or say it in words.'),
  );
}

/** @param {Result} result */
function presenceLine({ presence }) {
  if (presence == null) return null;
  return el('p', { class: 'presence' }, 'Presence ', meter(presence), scoreWords(presence));
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} focus
 * @param {() => void} click
 * @param {string} [about]
 */
function action(name, title, focus, click, about = title) {
  return el(
    'button',
    { type: 'button', class: 'link-button', title: about, data: { focus }, on: { click } },
    icon(name),
    title,
  );
}

/**
 * @param {Turn} turn
 * @param {CardActions} actions
 */
function exportButton(turn, actions) {
  const button = action(
    'download',
    'Export',
    'export',
    () => actions.exports(turn, button),
    'Save the objects in a format',
  );
  button.setAttribute('aria-haspopup', 'menu');
  return button;
}

/** @param {Result} result */
function finePrint({ model, timing_ms }) {
  const total = timing_ms?.total;
  return [
    model?.id,
    model?.device?.toUpperCase(),
    total != null && (total < 1000 ? `${Math.round(total)} ms` : `${(total / 1000).toFixed(1)} s`),
    model?.seed != null && `seed ${model.seed}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
