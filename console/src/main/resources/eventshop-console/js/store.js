// A value that components can watch.
import { useState, useEffect } from './dom.js';

export function store(value) {
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      value = next;
      watchers.forEach((watcher) => watcher(next));
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export function useStore(watched) {
  const [value, setValue] = useState(watched.get());
  useEffect(() => {
    setValue(watched.get());
    return watched.watch(setValue);
  }, [watched]);
  return value;
}

// What the reader has chosen stays with this browser; it says nothing about the shop.
export const kept = {
  get(name) {
    try {
      return localStorage.getItem('eventshop.' + name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem('eventshop.' + name, value);
    } catch {
      // private windows may refuse; then it is for this page only
    }
  },
};
