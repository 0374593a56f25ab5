// Texts are written in English where they are used; another language is a table from them, loaded when it is wanted.
import { store, kept } from './store.js';

const TABLES = { en: {} };
const OTHERS = { vi: () => import('./vi.js') };
export const LANGUAGES = [['en', 'English'], ['vi', 'Tiếng Việt']];

async function load(code) {
  TABLES[code] ??= (await OTHERS[code]()).default;
}

const first = kept.get('language') || (navigator.language || 'en').slice(0, 2);
const loaded = OTHERS[first] ? await load(first).then(() => first, () => 'en') : 'en';
export const language = store(loaded);
document.documentElement.lang = language.get();

let wanted = loaded;

export async function setLanguage(code) {
  wanted = code;
  await load(code);
  if (wanted !== code) return; // another was chosen meanwhile
  kept.set('language', code);
  document.documentElement.lang = code;
  language.set(code);
}

/** @param values for the places in braces */
export function t(text, values = {}) {
  const translated = TABLES[language.get()][text] ?? text;
  return translated.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** @returns what services mean by a code of a problem, or undefined where their own words, which are English, say it */
export const ofCode = (code) => TABLES[language.get()][`code ${code}`];

export const locale = () => (language.get() === 'vi' ? 'vi-VN' : navigator.language?.startsWith('en') ? navigator.language : 'en-GB');
