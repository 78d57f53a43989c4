/**
 * Reads a text/event-stream body, as in the HTML standard's "server-sent events": fields `event` and `data`, events
 * end with an empty line, lines with LF, CR or CRLF. (EventSource itself cannot POST.)
 *
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{event: string, data: string}>}
 */
export async function* serverSentEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  /** @type {string[]} */
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        if (line === '') {
          if (data.length) yield { event: event || 'message', data: data.join('\n') };
          event = '';
          data = [];
        } else if (!line.startsWith(':')) {
          const [field, text] = splitField(line);
          if (field === 'event') event = text;
          if (field === 'data') data.push(text);
        }
      }
      if (done) {
        if (data.length) yield { event: event || 'message', data: data.join('\n') };
        return;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @param {string} line
 * @returns {[string, string]}
 */
function splitField(line) {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const text = line.slice(colon + 1);
  return [line.slice(0, colon), text.startsWith(' ') ? text.slice(1) : text];
}
