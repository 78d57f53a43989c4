import { requestOf } from '../conversation.js';

/** @import {Api} from '../api.js' */
/** @import {Turn} from '../model/workspace.js' */

/**
 * The command line that asks what a turn asked. A first question needs nothing but its picture; later ones may speak of
 * what was said before, so they go to their conversation.
 *
 * @param {Api} api
 * @param {Turn} turn
 * @param {{imageId: string, sessionId: string|null}} where
 */
export function curlOf(api, turn, { imageId, sessionId }) {
  const request = requestOf(turn.instruction, turn.task, turn.regions, turn.options);
  const alone = turn.n === 1 || !sessionId;
  const url = alone ? api.url('v1/ground') : api.turnsUrl(sessionId);
  const body = JSON.stringify(alone ? { image: { id: imageId }, ...request } : request);
  return [`curl -sS ${quoted(url)}`, `-H 'Content-Type: application/json'`, `-d ${quoted(body)}`].join(' \\\n  ');
}

/**
 * One word for a POSIX shell, whatever is in it.
 *
 * @param {string} text
 */
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
