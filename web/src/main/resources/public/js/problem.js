/** What went wrong, with the next step: the server's application/problem+json, or our own words when it is silent. */
export class Problem extends Error {
  /**
   * @param {{title?: string, detail?: string, hint?: string, code?: string, status?: number, request_id?: string}} body
   */
  constructor(body) {
    super(body.detail || body.title || 'The request failed.');
    this.title = body.title || 'That did not work';
    this.detail = body.detail || '';
    this.hint = body.hint || '';
    this.code = body.code || '';
    this.status = body.status ?? 0;
    this.requestId = body.request_id || '';
  }

  /** The server could not be reached at all. */
  static unreachable() {
    return new Problem({
      title: 'The server does not answer',
      detail: 'The page could not reach the assistant.',
      hint: 'Is the program still running? Start it again, then retry; nothing you did here is lost.',
      code: 'unreachable',
    });
  }

  /**
   * @param {number} status
   * @param {string} text the body
   */
  static of(status, text) {
    try {
      const body = JSON.parse(text);
      if (body && typeof body === 'object') return new Problem({ status, ...body });
    } catch {
      // Not JSON: a proxy's own page, say. Its text is no use to a person.
    }
    return new Problem({
      title: `The server answered ${status}`,
      detail: 'The answer does not say why.',
      hint: 'Try again; if it stays so, look into the log of the program.',
      status,
    });
  }

  /**
   * Any thrown value as a problem.
   *
   * @param {unknown} error
   */
  static from(error) {
    if (error instanceof Problem) return error;
    if (error instanceof TypeError) return Problem.unreachable(); // what fetch throws when there is no connection
    return new Problem({ detail: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * @param {unknown} error
 * @returns {boolean} whether a person cancelled
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
