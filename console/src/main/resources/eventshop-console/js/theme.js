// The colours that the reader has chosen, or else those of the system.
import { store, kept } from './store.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const system = () => (dark.matches ? 'dark' : 'light');

export const chosen = store(kept.get('theme') ?? 'system');

/** Light or dark: what is to be seen now. */
export const theme = store(system());

function show() {
  const name = chosen.get();
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  theme.set(name === 'system' ? system() : name);
}

export function choose(name) {
  kept.set('theme', name);
  chosen.set(name);
  show();
}

dark.addEventListener('change', show);
show();
