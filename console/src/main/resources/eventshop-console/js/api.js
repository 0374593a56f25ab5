// Calls of the services. What fails is a Problem, with the words of the service where it has any.
import { base, config } from './config.js';
import { bearer, expired } from './auth.js';
import { t, ofCode } from './i18n.js';
import { useStore } from './store.js';
import { paused, renews, resting } from './updates.js';
import { useState, useEffect, useRef, useCallback } from './dom.js';

export const COMMAND = 'commandSide';
export const QUERY = 'querySide';
export const NOTIFICATION = 'notificationProjector';

const SERVICES = { [COMMAND]: 'command-side', [QUERY]: 'query-side', [NOTIFICATION]: 'notification-projector' };
export const nameOf = (service) => SERVICES[service];

export class Problem extends Error {
  constructor(status, body, service, retryAfter) {
    const words = ofCode(body?.code);
    super(words ?? body?.detail ?? t('{service} answered with {status}.', { service: nameOf(service), status }));
    this.detail = words && body.detail; // services speak English
    this.foreign = !words && body?.detail != null;
    this.status = status;
    this.code = body?.code;
    this.errors = body?.errors ?? [];
    this.retryAfter = Number(retryAfter) || null; // seconds
  }
}

class Unreachable extends Problem {
  constructor(service) {
    super(0, { detail: t('{service} does not answer. It may be stopped, or starting.', { service: nameOf(service) }) }, service);
    this.foreign = false;
  }
}

/** Longer than any read waits for its position. */
const PATIENCE = 40_000;
const patient = (signal, ms = PATIENCE) => AbortSignal.any([AbortSignal.timeout(ms), ...(signal ? [signal] : [])]);

async function send(service, method, path, { body, headers, signal } = {}) {
  let answer;
  try {
    answer = await fetch(base(service) + path, {
      method,
      signal,
      headers: { ...bearer(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new Unreachable(service);
  }
  if (answer.status === 401) {
    expired.set(true);
  }
  if (!answer.ok) {
    throw new Problem(answer.status, await answer.json().catch(() => null), service, answer.headers.get('Retry-After'));
  }
  return answer;
}

/** @param after position of a write that the answer has to know of; it may take the view a while */
export async function get(service, path, { after, signal } = {}) {
  const headers = after ? { 'Min-Event-Position': after, Prefer: 'wait=30' } : {};
  const answer = await send(service, 'GET', path, { signal: patient(signal), headers });
  return answer.json();
}

/** Keys of calls that nobody knows the outcome of: the same call has the same key, and so has its effect once. */
const unanswered = new Map();

/** @returns {{body, position}} */
export async function write(service, method, path, body) {
  const call = JSON.stringify([method, path, body]);
  const key = unanswered.get(call) ?? crypto.randomUUID();
  const headers = method === 'POST' && service === COMMAND ? { 'Idempotency-Key': key } : {};
  unanswered.set(call, key);
  const answer = await send(service, method, path, { body, headers, signal: patient() }).catch((failure) => {
    if (failure.status >= 400 && failure.status < 500) unanswered.delete(call);
    throw failure;
  });
  unanswered.delete(call);
  const text = await answer.text();
  return {
    body: text ? JSON.parse(text) : null,
    position: answer.headers.get('Event-Position'),
    location: answer.headers.get('Location'),
  };
}

/** What people type for a place in the store: a position stays one; a day or a moment, of their own zone, becomes a moment. */
export const isPosition = (text) => /^\d+-\d+-\d+$/.test(text) && !/^\d{4}-\d\d-\d\d$/.test(text);
export function instant(text) {
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text + 'T00:00' : text);
  if (Number.isNaN(moment.getTime())) throw new Error(t('“{text}” is no moment; write it like 2026-01-31T12:00.', { text }));
  return moment.toISOString();
}

/** @returns how the services take it in a body; undefined for none */
export const bound = (text) => (text === '' ? undefined : isPosition(text) ? { position: text } : { time: instant(text) });

export const query = (parameters) => {
  const text = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value != null));
  return text.size ? `?${text}` : '';
};

/** Health of a service, as its management port tells; null where that is not reached from browsers. */
export async function health(service, signal) {
  const url = config().management[service];
  if (!url) return null;
  try {
    return await (await fetch(`${url}/actuator/health`, { signal })).json();
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    return { status: 'UNREACHABLE' };
  }
}

/** Values of metrics by name, summed over their labels, or each with its labels. */
export async function metrics(service, signal) {
  const url = config().management[service];
  if (!url) return null;
  try {
    const text = await (await fetch(`${url}/actuator/prometheus`, { signal })).text();
    return text.split('\n').flatMap((line) => {
      const parts = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!parts) return [];
      const labels = Object.fromEntries([...(parts[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((l) => [l[1], l[2]]));
      return [{ name: parts[1], labels, value: Number(parts[3]) }];
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    return null;
  }
}

/** Three heartbeats: who says nothing for that long is gone. */
const SILENCE = 45_000;

/** Server-sent events, read with fetch, which can carry a token. */
async function* events(service, path, { signal, lastId, opened }) {
  const opening = new AbortController();
  const impatience = setTimeout(() => opening.abort(new DOMException(path, 'TimeoutError')), SILENCE);
  const answer = await send(service, 'GET', path, {
    signal: AbortSignal.any([signal, opening.signal]),
    headers: { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
  }).finally(() => clearTimeout(impatience));
  opened?.();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  try {
    for (;;) {
      const patience = setTimeout(() => reader.cancel(), SILENCE);
      const { value, done } = await reader.read().finally(() => clearTimeout(patience));
      if (done) return;
      buffer += value;
      let end;
      while ((end = buffer.indexOf('\n\n')) >= 0) {
        const fields = { data: [] };
        for (const line of buffer.slice(0, end).split('\n')) {
          if (line.startsWith('data:')) fields.data.push(line.slice(5).trimStart());
          else if (line.startsWith('id:')) fields.id = line.slice(3).trim();
        }
        buffer = buffer.slice(end + 2);
        if (fields.data.length) yield { id: fields.id, data: JSON.parse(fields.data.join('\n')) };
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // whoever has seen enough keeps no connection
  }
}

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

/** How long a page keeps its connection when the reader looks at another: browsers have six for each service. */
const UNSEEN = 5000;

/** @returns a signal that ends with that one, or when nobody has looked for a while */
function seen(signal) {
  const aborted = new AbortController();
  let timer = null;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'hidden') timer = setTimeout(end, UNSEEN);
  };
  const end = () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
    signal.removeEventListener('abort', end);
    aborted.abort();
  };
  document.addEventListener('visibilitychange', look);
  signal.addEventListener('abort', end);
  look();
  return { signal: aborted.signal, end };
}

/** Until somebody looks at this page, or the signal ends it. */
const looked = (signal) =>
  new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
    look();
  });

/** Too many streams: services notice only some seconds later that a reader has left one. */
const isCrowded = (failure) => failure.code === 'TOO_MANY_STREAMS';

/** The same question would have the same answer. */
const isFinal = ({ status }) => status >= 400 && status < 500 && ![408, 429].includes(status);

/**
 * Follows a stream until the signal ends it, also over failures: what comes meanwhile comes later. An answer that stays
 * the same, such as 404, ends it too. While nobody looks at the page there is no connection.
 *
 * @param lastId  where to go on
 * @param take    gets the data of each event, and its id; ends it by returning true
 * @param changed told {live, waits, error, ended}, or some of it: whether there is a connection, whether it is its turn
 *     that it waits for, why there is none, and whether that is the end
 */
export async function follow(service, path, { signal, lastId, take, changed }) {
  const opened = () => changed({ live: true, waits: false, error: null });
  for (let wait = 1000; !signal.aborted && !expired.get(); wait = Math.min(wait * 2, 15000)) {
    let longer = 0;
    await looked(signal);
    if (signal.aborted || expired.get()) return;
    const eyes = seen(signal);
    try {
      for await (const event of events(service, path, { signal: eyes.signal, lastId, opened })) {
        lastId = event.id ?? lastId;
        wait = 500;
        if (take(event.data, lastId)) return;
      }
      changed({ live: false });
    } catch (failure) {
      if (signal.aborted) return;
      if (eyes.signal.aborted) {
        wait = 500;
        changed({ live: false });
        continue;
      }
      const waits = isCrowded(failure);
      changed({ live: false, waits, error: waits ? null : failure, ended: isFinal(failure) });
      if (isFinal(failure)) return;
      longer = (failure.retryAfter ?? 0) * 1000;
    } finally {
      eyes.end();
    }
    await pause(Math.max(wait, longer), signal);
  }
}

/** @returns {data, live, waits, stopped, error, ended}: what the stream has told last, and how it is with it */
export function useStream(service, path, { until } = {}) {
  const [state, setState] = useState({ data: null, live: false });
  const ends = useRef(until);
  ends.current = until;
  const reached = useRef({});
  const stopped = useStore(paused);
  useEffect(() => {
    if (reached.current.path !== path) {
      reached.current = { path };
      setState({ data: null, live: false });
    }
    if (reached.current.end) return undefined;
    const done = renews();
    if (stopped && reached.current.seen) return done;
    const aborted = new AbortController();
    follow(service, path, {
      signal: aborted.signal,
      lastId: reached.current.lastId,
      take: (data, lastId) => {
        const end = ends.current?.(data);
        reached.current = { path, seen: true, lastId, end };
        setState((now) => ({ ...now, data }));
        return end || stopped;
      },
      changed: (change) => {
        if (aborted.signal.aborted) return;
        if (change.ended) reached.current.end = true;
        setState((now) => ({ ...now, ...change }));
      },
    }).then(() => stopped || done());
    return () => {
      aborted.abort();
      done();
    };
  }, [service, path, stopped]);
  return { ...state, live: state.live && !stopped, stopped };
}

/**
 * @param load  takes a signal, and whether it is the reader who asks; called again when what it depends on changes
 * @param every milliseconds between refreshes, while the page is visible and the reader has not stopped them
 */
export function useLoad(load, depends, { every } = {}) {
  const [state, setState] = useState({ data: null, error: null, loading: true });
  const latest = useRef(load);
  latest.current = load;
  const current = useRef(null);
  const running = useRef(null);

  const run = useCallback(async (quietly) => {
    current.current?.abort();
    const aborted = new AbortController();
    current.current = aborted;
    running.current = aborted;
    if (!quietly) setState((now) => ({ ...now, loading: true }));
    try {
      const data = await latest.current(aborted.signal);
      if (!aborted.signal.aborted) setState({ data, error: null, loading: false });
    } catch (error) {
      if (!aborted.signal.aborted) setState((now) => ({ data: now.data, error, loading: false }));
    } finally {
      if (running.current === aborted) running.current = null;
    }
  }, []);

  useEffect(() => {
    setState({ data: null, error: null, loading: true });
    run(false);
    const renew = () => document.visibilityState === 'visible' && !resting() && !running.current && run(true);
    const ends = every ? [renews(), paused.watch(renew)] : [];
    const timer = every && setInterval(renew, every);
    return () => {
      clearInterval(timer);
      ends.forEach((end) => end());
      current.current?.abort();
    };
  }, [...depends, every]);
  return { ...state, reload: useCallback(() => run(true), [run]) };
}

/** After so many milliseconds without another letter, a list is looked for. */
const TYPING = 300;

/**
 * What a list is filtered by. It is in the address: to be passed on, and the way back leads through it.
 *
 * @param path   of the page, without the filters
 * @param names  of the parameters
 * @param typing milliseconds until what was typed is looked for; 0 for not before apply()
 * @returns {chosen, typed, set, apply}: what the list shows, what the fields show, and set(name)(value)
 */
export function useFilters(path, search, names, { typing = TYPING } = {}) {
  const chosen = Object.fromEntries(names.map((name) => [name, search.get(name) ?? '']));
  const address = JSON.stringify(chosen);
  const [typed, setTyped] = useState(chosen);
  const mine = useRef(address);
  const timer = useRef(null);
  const last = useRef(null);
  useEffect(() => {
    if (address === mine.current) return;
    mine.current = address; // a link, or the way back
    last.current = null;
    clearTimeout(timer.current);
    setTyped(chosen);
  }, [address]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const apply = (filters = typed, name = null) => {
    clearTimeout(timer.current);
    mine.current = JSON.stringify(filters);
    const to = path + query(filters);
    if (name !== null && name === last.current) location.replace(to); // one step back, not one for each letter
    else location.hash = to;
    last.current = name;
  };
  const set = (name) => (value) => {
    const filters = { ...typed, [name]: value };
    setTyped(filters);
    clearTimeout(timer.current);
    if (typing) timer.current = setTimeout(() => location.hash.split('?')[0] === path && apply(filters, name), typing);
  };
  return { chosen, typed, set, apply };
}

const LARGEST_PAGE = 200;

/** A list by pages: more is added at its end. */
export function usePages(service, path, depends, { every, size = 50 } = {}) {
  const [limit, setLimit] = useState(size);
  useEffect(() => setLimit(size), [path, ...depends]);
  const loaded = useLoad(
    async (signal) => {
      const items = [];
      let cursor = '';
      do {
        const more = Math.min(LARGEST_PAGE, limit - items.length);
        const page = await get(service, path + (path.includes('?') ? '&' : '?') + new URLSearchParams({ limit: more, ...(cursor && { cursor }) }), { signal });
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor && items.length < limit);
      return { path, items, more: !!cursor };
    },
    [service, path, limit, ...depends],
    { every: limit > LARGEST_PAGE ? undefined : every }, // many pages are read again only when somebody asks
  );
  const previous = useRef(null);
  if (loaded.data) previous.current = loaded.data;
  const data = previous.current?.path === path ? previous.current : null; // or it is of another filter
  return { ...loaded, data, showMore: data?.more ? () => setLimit(limit + size) : null };
}
