import { byId } from './dom.js';

const TABS = ['chat', 'objects'];

/** Conversation and objects, one of them in sight. */
export class Tabs {
  constructor() {
    for (const name of TABS) {
      const tab = byId(`tab-${name}`);
      tab.addEventListener('click', () => this.open(name));
      tab.addEventListener('keydown', (e) => {
        if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
        e.preventDefault();
        e.stopPropagation();
        const other = TABS[(TABS.indexOf(name) + 1) % TABS.length];
        this.open(other);
        byId(`tab-${other}`).focus();
      });
    }
  }

  /** @param {string} name */
  open(name) {
    for (const other of TABS) {
      const on = other === name;
      byId(other).hidden = !on;
      byId(`tab-${other}`).setAttribute('aria-selected', String(on));
      byId(`tab-${other}`).tabIndex = on ? 0 : -1;
    }
  }

  /** @param {number} count of objects, beside the name of their tab */
  count(count) {
    byId('tab-objects').textContent = count ? `Objects (${count})` : 'Objects';
  }
}
