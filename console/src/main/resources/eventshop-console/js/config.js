// Where the services are, as the query side says.
import { t } from './i18n.js';

let settings = { services: {}, management: {}, currency: 'USD' };

export async function loadConfig() {
  const answer = await fetch('config.json', { cache: 'no-cache' });
  if (!answer.ok) {
    throw new Error(t('{service} answered with {status}.', { service: 'config.json', status: answer.status }));
  }
  settings = await answer.json();
  return settings;
}

export const config = () => settings;

/** The query side is where the pages come from, unless it is told to be elsewhere. */
export const base = (service) => settings.services[service] ?? '';
