// Preact with templates, and the hooks that the pages use.
import { h, render, Fragment, createContext } from 'preact';
import htm from 'htm';

export { useState, useEffect, useRef, useMemo, useCallback, useContext, useLayoutEffect } from 'preact/hooks';
export { h, render, Fragment, createContext };
export const html = htm.bind(h);

let ids = 0;
export const newId = (prefix = 'id') => `${prefix}-${++ids}`;
