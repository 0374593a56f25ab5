// Whether pages that renew themselves do so: the reader can stop it, and nothing is asked without a token that counts.
import { store } from './store.js';
import { expired } from './auth.js';

/** Whether the reader has stopped it, on all pages, until the console is loaded again. */
export const paused = store(false);

/** How much of what is shown renews itself. */
export const renewing = store(0);

export const resting = () => paused.get() || expired.get();

/** @returns ends it */
export function renews() {
  let more = 1;
  renewing.set(renewing.get() + more);
  return () => {
    renewing.set(renewing.get() - more);
    more = 0;
  };
}
