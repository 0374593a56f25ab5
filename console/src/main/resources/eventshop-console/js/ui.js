// What the pages are made of.
import { html, useState, useEffect, useRef, useMemo, newId } from './dom.js';
import { t, language } from './i18n.js';
import { moment, time as timeOf, utc } from './format.js';
import { store, useStore } from './store.js';
import { expired } from './auth.js';
import { paused, renewing } from './updates.js';

export const Icon = ({ name, size = 16 }) => html`
  <svg class="icon" width=${size} height=${size} viewBox="0 0 16 16" fill="none" stroke="currentColor"
       stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${ICONS[name]} /></svg>`;

export const ICONS = {
  overview: 'M2 8h3l2-5 3 10 2-5h2',
  events: 'M3 4h10M3 8h10M3 12h6',
  projections: 'M8 2 2 5l6 3 6-3-6-3ZM2 8l6 3 6-3M2 11l6 3 6-3',
  failures: 'M8 2 1.5 13.5h13L8 2ZM8 6.5v3M8 11.6v.1',
  mails: 'M2 4h12v9H2zM2 4.5l6 4.5 6-4.5',
  shop: 'M2 3h2l1.6 7.5h6.9L14 5H4.5M6.5 13.4v.1M11.5 13.4v.1',
  republication: 'M2 8h9M8 5l3 3-3 3M14 3v10',
  reconciliation: 'M8 2v12M3 5h10M3 5 1.5 9h3L3 5ZM13 5l-1.5 4h3L13 5Z',
  audit: 'M5 2h6v2.5H5zM5 3H3v11h10V3h-2M5.5 8h5M5.5 11h3',
  sales: 'M2 14h12M4 11V8M8 11V4M12 11V6',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M4 4l8 8M12 4l-8 8',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  pause: 'M5.5 3v10M10.5 3v10',
  resume: 'M5 3l8 5-8 5V3Z',
  plus: 'M8 3v10M3 8h10',
  out: 'M6 2H3v12h3M10 5l3 3-3 3M13 8H6',
  moon: 'M13 9.5A5.5 5.5 0 1 1 6.5 3 4.5 4.5 0 0 0 13 9.5Z',
  ok: 'M3 8.5 6.5 12 13 4.5',
};

export const Button = ({ kind = '', icon, busy, children, ...rest }) => html`
  <button type="button" ...${rest} class=${`button ${kind} ${rest.class ?? ''}`} disabled=${busy || rest.disabled} aria-busy=${busy ? 'true' : undefined}>
    ${icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;

/** A button whose action takes time, can fail, and can't be pressed twice. */
export function Action({ run, done, ...rest }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await run();
      if (done) say(done);
    } catch (failure) {
      complain(failure);
    } finally {
      setBusy(false);
    }
  };
  return html`<${Button} ...${rest} busy=${busy} onClick=${press} />`;
}

const TONES = {
  ok: ['UP', 'RUNNING', 'SENT', 'COMPLETED', 'CONFIRMED', 'SHIPPED', 'LIVE', 'DONE', 'CLOSED'],
  warn: ['DEGRADED', 'PAUSED', 'PENDING', 'QUEUED', 'SWITCHING', 'WAITING_FOR_RECIPIENT', 'UNCERTAIN', 'HALF_OPEN', 'REFUSED', 'BUILDING'],
  bad: ['DOWN', 'ERROR', 'FAILED', 'UNREACHABLE', 'OUT_OF_SERVICE', 'STOPPED', 'OPEN'],
};
const LABELS = {
  UP: 'up', RUNNING: 'running', SENT: 'sent', COMPLETED: 'completed', CONFIRMED: 'confirmed', SHIPPED: 'shipped',
  DEGRADED: 'degraded', PAUSED: 'paused', PENDING: 'pending', QUEUED: 'queued', SWITCHING: 'switching',
  WAITING_FOR_RECIPIENT: 'waits for recipient', UNCERTAIN: 'uncertain', DOWN: 'down', ERROR: 'error', FAILED: 'failed',
  UNREACHABLE: 'does not answer', OUT_OF_SERVICE: 'out of service', STOPPED: 'stopped', CANCELLED: 'cancelled',
  SUPPRESSED: 'suppressed', UNKNOWN: 'unknown', OPEN: 'open', HALF_OPEN: 'half open', CLOSED: 'closed',
  BEGUN: 'begun', DONE: 'done', REFUSED: 'refused', LIVE: 'live', BUILDING: 'being built', IDLE: 'idle',
};
export const toneOf = (state) => Object.keys(TONES).find((tone) => TONES[tone].includes(state)) ?? 'plain';
export const labelOf = (state) => (LABELS[state] ? t(LABELS[state]) : state);

export const State = ({ of, label }) => html`<span class=${`state ${toneOf(of)}`}>${label ?? labelOf(of)}</span>`;

export const Time = ({ at, short }) =>
  at ? html`<time datetime=${at} title=${utc(at)}>${short ? timeOf(at) : moment(at)}</time>` : html`<span class="faint">–</span>`;

export const Card = ({ title, actions, children, class: more = '', flush }) => html`
  <section class=${`card ${flush ? 'flush' : ''} ${more}`}>
    ${(title || actions) && html`<header><h2>${title}</h2><div class="actions">${actions}</div></header>`}
    ${children}
  </section>`;

export const Empty = ({ title, children }) => html`
  <div class="empty"><p class="strong">${title}</p>${children && html`<p>${children}</p>`}</div>`;

/** For what services say, which is English in any language. */
export const english = () => (language.get() === 'en' ? undefined : 'en');

export const Failure = ({ error, retry }) => html`
  <div class="notice bad" role="alert">
    <p class="strong" lang=${error.foreign ? english() : undefined}>${error.message}</p>
    ${error.detail && html`<p lang=${english()}>${error.detail}</p>`}
    ${error.errors?.map((each) => html`<p lang=${english()}>${each.field}: ${each.message}</p>`)}
    ${error.status === 503 && html`<p>${t('This passes by itself as a rule; try it again in a moment.')}</p>`}
    ${retry && html`<${Button} onClick=${retry} icon="refresh">${t('Try again')}<//>`}
  </div>`;

/** @param of what useStream gave, where that is what it waits for */
export const Loading = ({ of = {} }) => html`
  <p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${of.waits ? t('Too many pages follow something; this one has its turn in some seconds.') : t('Loading …')}</p>`;

/** @param of what useLoad or usePages gave; children is a function of its data */
export function Loaded({ of, children }) {
  if (of.error && of.data == null) return html`<${Failure} error=${of.error} retry=${of.reload} />`;
  if (of.data == null) return html`<${Loading} />`;
  return html`${of.error && html`<${Failure} error=${of.error} retry=${of.reload} />`}${children(of.data)}`;
}

/**
 * @param columns [{label, cell: row => content, num, key}]
 * @param link    row => address of what the row is about
 */
export function Table({ label, columns, rows, id, empty, selected }) {
  if (!rows.length) return empty ?? html`<${Empty} title=${t('Nothing here.')}>${t('When there is something, it is listed here.')}<//>`;
  return html`
    <div class="scroll" role="region" aria-label=${label} tabindex="0">
      <table>
        <thead><tr>${columns.map((c) => html`<th scope="col" class=${c.num ? 'num' : ''}>${c.hidden ? html`<span class="unseen">${c.label}</span>` : c.label}</th>`)}</tr></thead>
        <tbody>${rows.map((row, index) => html`
          <tr key=${id ? id(row) : index} class=${selected?.(row) ? 'selected' : ''}>
            ${columns.map((c) => html`<td class=${`${c.num ? 'num' : ''} ${c.class ?? ''}`}>${c.cell(row)}</td>`)}
          </tr>`)}</tbody>
      </table>
    </div>`;
}

export const More = ({ pages }) =>
  pages.showMore && html`<p class="more"><${Button} onClick=${pages.showMore} busy=${pages.loading}>${t('Show more')}<//></p>`;

export function Field({ label, hint, children, wide }) {
  const id = useMemo(() => newId('field'), []);
  const control = children.props ? { ...children, props: { ...children.props, id, 'aria-describedby': hint ? id + '-hint' : undefined } } : children;
  return html`<div class=${`field ${wide ? 'wide' : ''}`}><label for=${id}>${label}</label>${control}${hint && html`<span class="hint" id=${id + '-hint'}>${hint}</span>`}</div>`;
}

export const Choice = ({ value, onChange, options, ...rest }) => html`
  <select ...${rest} value=${value} onChange=${(e) => onChange(e.target.value)}>
    ${options.map(([code, label]) => html`<option value=${code} selected=${code === value}>${label}</option>`)}
  </select>`;

export const Text = ({ value, onChange, ...rest }) => html`
  <input type="text" autocomplete="off" ...${rest} value=${value} onInput=${(e) => onChange(e.target.value)} />`;

export function Progress({ value, label }) {
  return html`<div class="progress" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100"
    aria-valuenow=${Math.floor(value ?? 0)}><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width=${value ?? 0} height="8" /></svg></div>`;
}

export const Facts = ({ of }) => html`
  <dl class="facts">${of.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value ?? html`<span class="faint">–</span>`}</dd></div>`)}</dl>`;

export const Json = ({ value }) => html`<pre class="code" tabindex="0">${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>`;

/** A modal window; children is what is in it. */
export function Dialog({ title, close, children, wide }) {
  const ref = useRef();
  const id = useMemo(() => newId('dialog'), []);
  useEffect(() => {
    const before = document.activeElement;
    ref.current.showModal();
    return () => setTimeout(() => { // when what it has changed is there, and what opened it may be gone
      const back = before?.isConnected ? before : document.querySelector('dialog[open] header button') ?? document.querySelector('main h1');
      back?.focus?.();
    });
  }, []);
  return html`
    <dialog ref=${ref} class=${wide ? 'wide' : ''} aria-labelledby=${id}
            onCancel=${(e) => { e.preventDefault(); close(); }}
            onClick=${(e) => e.target === ref.current && close()}>
      <div class="sheet">
        <header><h2 id=${id}>${title}</h2><button type="button" class="button plain square" aria-label=${t('Close')} onClick=${close}><${Icon} name="close" /></button></header>
        ${children}
      </div>
    </dialog>`;
}

/** A form in a window: fields, and one button that sends it. Failures stay with the form. */
export function FormDialog({ title, close, submit, action, children, danger, wide }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const send = async (e) => {
    e.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await submit();
      close();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${title} close=${close} wide=${wide}>
      <form onSubmit=${send}>
        ${children}
        ${error && html`<${Failure} error=${error} />`}
        <div class="buttons">
          <${Button} onClick=${close}>${t('Back')}<//>
          <${Button} type="submit" kind=${danger ? 'danger' : 'primary'} busy=${busy}>${action}<//>
        </div>
      </form>
    <//>`;
}

/** A button that asks before it acts. */
export function Confirmed({ title, text, action, run, done, ...rest }) {
  const [open, setOpen] = useState(false);
  return html`
    <${Button} ...${rest} onClick=${() => setOpen(true)} />
    ${open && html`
      <${FormDialog} title=${title} action=${action ?? title} danger=${rest.kind?.includes('danger')} close=${() => setOpen(false)}
          submit=${async () => { const result = await run(); const words = typeof done === 'function' ? done(result) : done; if (words) say(words); }}>
        <p>${text}</p>
      <//>`}`;
}

/** The services mask personal data until somebody asks for it. */
export const ShowPersonal = ({ show }) => html`
  <${Confirmed} title=${t('Show personal data')} text=${t('That you have looked is written down in the audit.')} run=${async () => show()}>${t('Show personal data')}<//>`;

const messages = store([]);
function announce(kind, text, lang, detail) {
  const id = newId('message');
  messages.set([...messages.get().slice(-3), { id, kind, text, lang, detail }]);
  setTimeout(() => messages.set(messages.get().filter((m) => m.id !== id)), kind === 'bad' ? 12000 : 5000);
}
export const say = (text) => announce('ok', text);
export const complain = (failure) =>
  announce('bad', failure.message, failure.foreign ? english() : undefined,
    [failure.detail, ...(failure.errors ?? []).map((e) => `${e.field}: ${e.message}`)].filter(Boolean).join(' '));

export const Messages = () => html`
  <div class="messages" role="status" aria-live="polite">
    ${useStore(messages).map((m) => html`<p key=${m.id} class=${`message ${m.kind}`} lang=${m.lang}>${m.text}${m.detail && html` <span lang=${english()}>${m.detail}</span>`}</p>`)}
  </div>`;

export const Tabs = ({ label, tabs, current }) => html`
  <nav class="tabs" aria-label=${label}>${tabs.map(([href, text, count]) => html`
    <a href=${href} aria-current=${href === current ? 'page' : undefined}>${text}${count ? html` <span class="count">${count}</span>` : ''}</a>`)}</nav>`;

/** Stops what renews itself, where anything does. */
function Pause() {
  const stopped = useStore(paused);
  return useStore(renewing) > 0 && html`<${Button} icon=${stopped ? 'resume' : 'pause'} id="pause" onClick=${() => paused.set(!stopped)}>${stopped ? t('Resume updates') : t('Pause updates')}<//>`;
}

export const Head = ({ title, children, lead }) => html`
  <header class="head"><div><h1 tabindex="-1">${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div><div class="actions">${children}<${Pause} /></div></header>`;

/** @param of what useStream gave */
export const Live = ({ of }) =>
  !useStore(expired) && html`<span class=${of.live ? 'live' : 'live off'}>${of.live ? t('live') : of.stopped ? t('paused') : of.waits ? t('waits for its turn') : t('connecting')}</span>`;

/** A line through the last values, with the newest in words beside it. */
export function Spark({ values, label, width = 120, height = 28 }) {
  if (values.length < 2) return html`<svg class="spark" width=${width} height=${height} role="img" aria-label=${label}></svg>`;
  const max = Math.max(...values, 1);
  const points = values.map((v, i) => `${((i / (values.length - 1)) * width).toFixed(1)},${(height - 2 - (v / max) * (height - 4)).toFixed(1)}`);
  return html`<svg class="spark" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label}>
    <polygon points=${`0,${height} ${points.join(' ')} ${width},${height}`} /><polyline points=${points.join(' ')} /></svg>`;
}
