/**
 * The shapes of what travels between server and client, as JSDoc types. Field names are the server's own (see
 * /openapi.json); coordinates are pixels of the upright full-resolution image, origin top-left, boxes x1, y1, x2, y2.
 *
 * @typedef {[number, number, number, number]} Box
 * @typedef {[number, number]} Point
 * @typedef {Point[]} Ring
 * @typedef {{exterior: Ring, holes: Ring[]}} Polygon
 * @typedef {{name: string, x?: number|null, y?: number|null, visibility: string, score?: number|null}} Keypoint
 * @typedef {{text: string, iou: number, consistent: boolean}} Cycle
 *
 * @typedef {object} Found an object or an alternative of a result
 * @property {string} id stays the same when a later turn finds it again
 * @property {number} [rank] of a candidate, the number to answer with
 * @property {string|null} [label]
 * @property {string|null} [phrase]
 * @property {number|null} [score] 0..1
 * @property {Box} box
 * @property {Polygon[]|null} [polygons]
 * @property {Keypoint[]|null} [keypoints]
 * @property {number|null} [area] in square pixels
 * @property {Cycle|null} [cycle] the round trip: described again, found again
 *
 * @typedef {{text: string, start: number, end: number, objects: string[]}} Phrase
 * @typedef {{id: string, width: number, height: number, media_type?: string, exif_orientation?: number}} ImageInfo
 *
 * @typedef {object} Result
 * @property {string} id
 * @property {string} task
 * @property {string} [task_source] inferred or requested
 * @property {string} instruction
 * @property {'ok'|'no_target'|'ambiguous'|'unsupported_task'} status
 * @property {number|null} [presence]
 * @property {ImageInfo} image
 * @property {string} answer
 * @property {Phrase[]} [phrases]
 * @property {Found[]} objects
 * @property {Found[]} [alternatives]
 * @property {{code: string, message: string}[]} [warnings]
 * @property {{id: string, version?: string, sha256?: string, device?: string, seed?: number}} [model]
 * @property {Record<string, number>} [timing_ms]
 *
 * @typedef {{box: Box}|{point: Point}|{polygon: Ring}|{object: string}} Region a place a person marked, or an object of an
 *     earlier turn; `#1` in the text is the first
 *
 * @typedef {object} AskOptions
 * @property {number} [max_objects]
 * @property {boolean} [masks] outlines whatever the task
 * @property {number} [min_score]
 * @property {'cycle'} [verify]
 * @property {number} [seed]
 *
 * @typedef {{instruction: string, task?: string, regions?: Region[], options?: AskOptions}} AskRequest
 * @typedef {{stage: string, words: string, fraction: number|null}} Progress
 * @typedef {object} Patch a correction of one object: a place (and a name), a name alone, or that it is not there. Of an object
 *     that the result does not have, a place adds it; an alternative that is corrected becomes an object
 * @property {Box} [box]
 * @property {Polygon[]} [polygons]
 * @property {string} [label]
 * @property {true} [deleted]
 *
 * @typedef {object} ModelInfo
 * @property {string} id
 * @property {string} [family]
 * @property {string} [title]
 * @property {string[]} [abilities]
 * @property {string} [knows]
 * @property {boolean} [active]
 * @property {{trained_on?: string[], licence?: string, sha256?: string}} [provenance]
 * @property {number} [size] in bytes
 *
 * @typedef {object} Status
 * @property {'loading'|'ready'|'failed'} [state]
 * @property {ModelInfo|null} [model] the one that answers
 * @property {string|null} [device]
 * @property {string|null} [knows]
 * @property {string|null} [problem] why it failed
 * @property {string} [version]
 *
 * @typedef {{id: string, title: string, image_url: string, suggestions: string[]}} GalleryItem
 * @typedef {{turn: number, request: AskRequest, result: Result}} StoredTurn
 *
 * @typedef {object} Session
 * @property {string} id
 * @property {ImageInfo} image
 * @property {string|null} [title] the first question
 * @property {number} [turn_count]
 * @property {string} [created] ISO 8601
 * @property {string} [updated]
 * @property {StoredTurn[]} [turns] left out of lists
 */

export {};
