// Numbers, amounts and moments for the reader.
import { t, locale } from './i18n.js';
import { config } from './config.js';

const cache = new Map();
function format(kind, options, make) {
  const key = kind + locale() + JSON.stringify(options);
  if (!cache.has(key)) {
    cache.set(key, make(locale(), options));
  }
  return cache.get(key);
}
const numbers = (options) => format('n', options, (l, o) => new Intl.NumberFormat(l, o));
const dates = (options) => format('d', options, (l, o) => new Intl.DateTimeFormat(l, o));

export const number = (value, digits = 0) =>
  value == null ? '–' : numbers({ maximumFractionDigits: digits }).format(value);

export const rate = (value) => (value == null ? '–' : numbers({ maximumFractionDigits: value < 10 ? 1 : 0 }).format(value));

export const money = (value) =>
  value == null ? '–' : numbers({ style: 'currency', currency: config().currency }).format(value);

export const percent = (value) => (value == null ? '–' : `${numbers({ maximumFractionDigits: 0 }).format(Math.floor(value))} %`);

export const moment = (value) => dates({ dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(value));
export const time = (value) => dates({ timeStyle: 'medium' }).format(new Date(value));
/** Of the shop, whose days are those of UTC. */
export const day = (value) => dates({ dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
export const utc = (value) => new Date(value).toISOString().replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');

export function duration(seconds) {
  if (seconds == null) return '–';
  const s = Math.max(0, Math.round(seconds));
  const inSeconds = (count) => t('{count} s', { count });
  const inMinutes = (count) => t('{count} min', { count });
  const inHours = (count) => t('{count} h', { count });
  if (s < 60) return inSeconds(s);
  if (s < 3600) return `${inMinutes(Math.floor(s / 60))} ${inSeconds(s % 60)}`;
  if (s < 86400) return `${inHours(Math.floor(s / 3600))} ${inMinutes(Math.floor((s % 3600) / 60))}`;
  return `${t('{count} d', { count: Math.floor(s / 86400) })} ${inHours(Math.floor((s % 86400) / 3600))}`;
}
