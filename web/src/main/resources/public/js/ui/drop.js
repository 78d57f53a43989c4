import { byId } from './dom.js';

/**
 * Pictures come in by dropping them anywhere, by pasting, or by the file chooser.
 *
 * @param {(files: File[]) => void} open
 * @returns {() => void} opens the file chooser
 */
export function acceptPictures(open) {
  const veil = byId('drop-veil');
  const chooser = /** @type {HTMLInputElement} */ (byId('file'));
  let depth = 0;
  const show = (/** @type {number} */ now) => {
    depth = Math.max(0, now);
    veil.hidden = depth === 0;
  };
  const hasFiles = (/** @type {DragEvent} */ e) => e.dataTransfer?.types.includes('Files') ?? false;

  window.addEventListener('dragenter', (e) => hasFiles(e) && show(depth + 1));
  window.addEventListener('dragleave', (e) => hasFiles(e) && show(depth - 1));
  window.addEventListener('dragover', (e) => {
    if (!hasFiles(e)) return;
    e.preventDefault();
    if (e.dataTransfer) e.dataTransfer.dropEffect = 'copy';
  });
  window.addEventListener('drop', (e) => {
    show(0);
    if (!hasFiles(e)) return;
    e.preventDefault();
    take(e.dataTransfer?.files);
  });
  window.addEventListener('paste', (e) => {
    const files = [...(e.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    if (!files.length) return;
    e.preventDefault();
    open(files);
  });
  chooser.addEventListener('change', () => {
    take(chooser.files);
    chooser.value = '';
  });
  return () => chooser.click();

  /** @param {FileList|null|undefined} files */
  function take(files) {
    if (files?.length) open([...files]);
  }
}
