import { boxArea, placeWords, polygonsArea, polygonsBounds } from './geometry.js';

/** Reading and correcting results. Pure functions. */

/** @import {Found, Keypoint, Patch, Result} from '../types.js' */

/** The tasks a person can ask for by name; `value` is the word of the interface, empty when the words decide. */
export const TASKS = [
  { value: '', title: 'Auto', about: 'Your words decide what kind of answer you get' },
  { value: 'box', title: 'Box', about: 'One box around the thing you mean' },
  { value: 'all', title: 'All', about: 'A box around everything that fits your words' },
  { value: 'polygon', title: 'Segment', about: 'The outline of the thing you mean' },
  { value: 'keypoints', title: 'Keypoints', about: 'Named points, such as the joints of a person' },
  { value: 'describe', title: 'Describe', about: 'Words for a region you mark' },
  { value: 'classify', title: 'Classify', about: 'What kind of thing is in a region you mark' },
  { value: 'caption', title: 'Caption', about: 'The whole picture in one sentence' },
];

/** @param {string} task */
export function taskTitle(task) {
  return TASKS.find(({ value }) => value === task.toLowerCase())?.title ?? task;
}

/**
 * What a person is asked to choose from.
 *
 * @param {Result} result
 * @returns {Found[]}
 */
export function candidates(result) {
  return result.status === 'ambiguous' ? (result.alternatives ?? []) : [];
}

/**
 * What the model held possible but did not answer with.
 *
 * @param {Result} result
 * @returns {Found[]}
 */
export function nearMisses(result) {
  return result.status === 'ambiguous' ? [] : (result.alternatives ?? []);
}

/**
 * The number that chooses a candidate.
 *
 * @param {Found} found
 * @param {number} index its place in the list
 */
export function candidateNumber(found, index) {
  return String(found.rank ?? index + 1);
}

/** @param {Found} found */
export function nameOf(found) {
  return found.label || found.phrase || 'object';
}

/** @param {Found} found */
export function areaOf(found) {
  return found.area ?? (found.polygons?.length ? polygonsArea(found.polygons) : boxArea(found.box));
}

/** @param {number|null|undefined} score */
export function scoreWords(score) {
  return score == null ? '' : score.toFixed(2);
}

/**
 * "left wrist 0.83, covered"
 *
 * @param {Keypoint} keypoint
 */
export function keypointWords({ name, score, visibility }) {
  const words = `${name.replaceAll('_', ' ')} ${scoreWords(score)}`.trim();
  return visibility === 'occluded' ? `${words}, covered` : words;
}

/** @param {Found} found */
export function boxWords({ box }) {
  return box.map((value) => Math.round(value)).join(', ');
}

/**
 * One object in words: "1: dog, upper left of the image, 13 %, score 0.91".
 *
 * @param {Found} found
 * @param {number} number
 * @param {{width: number, height: number}} image
 */
export function spoken(found, number, image) {
  const score = scoreWords(found.score);
  return [`${number}: ${nameOf(found)}`, placeWords(found.box, areaOf(found), image), score && `score ${score}`]
    .filter(Boolean)
    .join(', ');
}

/**
 * The answer cut at its phrases, for linking.
 *
 * @param {Result} result
 * @returns {{text: string, objects: string[]}[]}
 */
export function answerParts({ answer, phrases }) {
  const parts = [];
  let at = 0;
  for (const { start, end, objects } of [...(phrases ?? [])].sort((a, b) => a.start - b.start)) {
    if (start < at || end > answer.length || end <= start) continue;
    if (start > at) parts.push({ text: answer.slice(at, start), objects: [] });
    parts.push({ text: answer.slice(start, end), objects });
    at = end;
  }
  if (at < answer.length) parts.push({ text: answer.slice(at), objects: [] });
  return parts;
}

/**
 * A result with one object corrected, as the server will answer it.
 *
 * @param {Result} result
 * @param {string} objectId
 * @param {Patch} patch
 * @returns {Result}
 */
export function corrected(result, objectId, patch) {
  const others = (/** @type {Found[]|undefined} */ list) => (list ?? []).filter(({ id }) => id !== objectId);
  if (patch.deleted) return { ...result, objects: others(result.objects), alternatives: others(result.alternatives) };
  if (result.objects.some(({ id }) => id === objectId)) {
    return {
      ...result,
      objects: result.objects.map((object) => (object.id === objectId ? changed(object, patch) : object)),
    };
  }
  const known = result.alternatives?.find(({ id }) => id === objectId);
  const added = changed(known ?? { id: objectId, label: 'object', box: [0, 0, 0, 0] }, patch);
  // With a candidate settled there is nothing left to ask.
  const status = result.status === 'unsupported_task' ? result.status : 'ok';
  return { ...result, status, objects: [...result.objects, added], alternatives: others(result.alternatives) };
}

/**
 * @param {Found} object
 * @param {Patch} patch
 * @returns {Found}
 */
function changed(object, { box, polygons, label }) {
  const named = label ? { ...object, label } : object;
  if (!box && !polygons) return named;
  // The score and the round trip were those of the model's own place.
  return {
    ...named,
    box: polygons ? polygonsBounds(polygons) : (box ?? object.box),
    polygons: polygons ?? [],
    score: null,
    cycle: null,
    area: null,
  };
}
