// Texts are written in English where they are used; another language is a table from them.
import { store, kept } from './store.js';
import vi from './vi.js';

const TABLES = { en: {}, vi };
export const LANGUAGES = [['en', 'English'], ['vi', 'Tiếng Việt']];

const first = kept.get('language') || (navigator.language || 'en').slice(0, 2);
export const language = store(TABLES[first] ? first : 'en');
document.documentElement.lang = language.get();

export function setLanguage(code) {
  kept.set('language', code);
  document.documentElement.lang = code;
  language.set(code);
}

/** @param values for the places in braces */
export function t(text, values = {}) {
  const translated = TABLES[language.get()][text] ?? text;
  return translated.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

export const locale = () => (language.get() === 'vi' ? 'vi-VN' : navigator.language?.startsWith('en') ? navigator.language : 'en-GB');
