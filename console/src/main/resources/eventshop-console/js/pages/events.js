// The store itself: what happened, and what each event changed.
import { html, useState, useEffect, useRef } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, get, query, useLoad, useFilters, follow, isPosition, instant } from '../api.js';
import { number } from '../format.js';
import { paused } from '../updates.js';
import { Head, Card, Table, Loaded, Action, Button, ShowPersonal, Field, Text, Time, Facts, Empty, Dialog, Json, Failure, Live, Loading } from '../ui.js';

const TYPES = ['ProductCreatedEvent', 'ProductPriceChangedEvent', 'ProductStockUpdatedEvent', 'StockReservedEvent', 'StockReleasedEvent', 'StockShippedEvent',
  'OrderCreatedEvent', 'OrderStatusChangedEvent', 'OrderCompletedEvent', 'OrderCancelledEvent', 'UserRegisteredEvent', 'UserAccountLinkedEvent', 'UserPersonalDataErasedEvent'];

export default function Events({ parts, query: search }) {
  if (!parts[0]) return html`<${Store} search=${search} />`;
  return isPosition(parts[0]) ? html`<${One} key=${parts[0]} position=${parts[0]} />` : html`<${Aggregate} key=${parts[0]} id=${parts[0]} />`;
}

/** The rows of a store can be many: pages follow each other, and those without a match are passed by. */
async function pages(path, parameters, wanted, signal, cursor = null, show = () => {}) {
  const items = [];
  do {
    const page = await get(QUERY, path + query({ ...parameters, limit: Math.min(200, wanted - items.length), cursor }), { signal });
    items.push(...page.items);
    cursor = page.nextCursor;
    show({ items: [...items], cursor });
  } while (cursor && items.length < wanted);
  return { items, cursor };
}

const MOST = 1000;

/** Of one aggregate, whose history may be long: one request. */
const AT_A_TIME = 200;

/** Events within that many milliseconds are shown together. */
const AT_ONCE = 200;

/** In front of every event. */
const START = '0-0-0';

const PAGE = 50;

/** Old rows give way to new ones, but for those that the reader has asked for: then that is where it ends. */
function withNewer(state, newer) {
  const items = [...newer, ...state.items];
  if (items.length <= MOST + state.paged) return { ...state, items };
  return state.paged ? { ...state, full: true } : { ...state, items: items.slice(0, MOST), more: true };
}

const FILTERS = ['type', 'aggregateId', 'from', 'to'];
const moment = (text) => (text === '' || isPosition(text) ? text : instant(text));

function Store({ search }) {
  const { chosen, typed, set, apply } = useFilters('#/events', search, FILTERS, { typing: 0 });
  const [round, setRound] = useState(0);
  const [live, setLive] = useState(!paused.get());
  const [open, setOpen] = useState(null);
  const [state, setState] = useState({});
  const [busy, setBusy] = useState(false);
  const current = useRef(null);
  const newest = useRef(null);
  const same = JSON.stringify(chosen) === JSON.stringify(typed);
  const asked = JSON.stringify([chosen, round]);
  const shown = state.asked === asked ? state : {};
  const parameters = () => ({ ...chosen, from: moment(chosen.from), to: moment(chosen.to) });

  // What is there
  useEffect(() => {
    const aborted = new AbortController();
    const { signal } = aborted;
    current.current = signal;
    newest.current = null;
    setState({ asked });
    (async () => {
      try {
        const { from, to, ...others } = parameters();
        const head = (await pages('/api/admin/events', {}, 1, signal)).items[0]?.position ?? START;
        const show = ({ items, cursor }) => (items.length || !cursor) && setState({ asked, items, more: cursor != null, paged: 0 });
        const { items } = await pages('/api/admin/events', { ...others, from, to: to || head }, PAGE, signal, null, show);
        // Where nothing is up to the head, it may be that everything is before what is asked for.
        const begin = to ? null : items.length ? head : from || head;
        if (!signal.aborted) setState((now) => ({ ...now, begin }));
      } catch (error) {
        if (!signal.aborted) setState((now) => ({ ...now, error }));
      }
    })();
    return () => aborted.abort();
  }, [asked]);

  // What comes then
  const follows = live && !shown.full && shown.begin != null;
  useEffect(() => {
    if (!follows) return undefined;
    const aborted = new AbortController();
    let timer = null;
    let fresh = [];
    const add = () => {
      timer = null;
      const items = fresh.reverse();
      fresh = [];
      newest.current = items[0].position;
      setState((now) => withNewer(now, items));
    };
    const { type, aggregateId } = parameters();
    setState((now) => ({ ...now, live: false }));
    follow(QUERY, '/api/admin/events/stream' + query({ type, aggregateId, from: shown.begin }), {
      signal: aborted.signal,
      lastId: newest.current,
      take: (event) => {
        fresh.push(event);
        timer ??= setTimeout(add, AT_ONCE);
      },
      changed: (change) => aborted.signal.aborted || setState((now) => ({ ...now, ...change })),
    });
    return () => {
      aborted.abort();
      clearTimeout(timer);
    };
  }, [asked, follows]);

  const more = async () => {
    const signal = current.current; // of these filters
    const last = shown.items[shown.items.length - 1].position;
    setBusy(true);
    setState((now) => ({ ...now, paged: now.paged + PAGE }));
    try {
      const { items, cursor } = await pages('/api/admin/events', { ...parameters(), to: last }, PAGE + 1, signal);
      if (!signal.aborted) setState((now) => ({ ...now, error: null, more: cursor != null, items: [...now.items, ...items.filter((each) => each.position !== last)] }));
    } catch (error) {
      if (!signal.aborted) setState((now) => ({ ...now, error }));
    } finally {
      setBusy(false);
    }
  };
  const again = () => setRound(round + 1);
  const press = () => {
    setLive(!live || shown.full);
    if (shown.full) again();
  };

  return html`
    <${Head} title=${t('Events')} lead=${t('The truth of the shop: all that ever happened, newest first.')}>
      ${follows && html`<${Live} of=${shown} />`}
      ${chosen.to === '' && html`<${Button} onClick=${press}>${live && !shown.full ? t('Stop following') : t('Follow')}<//>`}
    <//>
    <form class="filters" onSubmit=${(e) => { e.preventDefault(); if (same) again(); else apply(); }}>
      <${Field} label=${t('Type')}><${Text} value=${typed.type} onChange=${set('type')} list="types" /><//>
      <datalist id="types">${TYPES.map((type) => html`<option value=${type}></option>`)}</datalist>
      <${Field} label=${t('Aggregate')}><${Text} value=${typed.aggregateId} onChange=${set('aggregateId')} placeholder="order-17" /><//>
      <${Field} label=${t('From')}><${Text} value=${typed.from} onChange=${set('from')} placeholder=${t('position or time')} /><//>
      <${Field} label=${t('To')}><${Text} value=${typed.to} onChange=${set('to')} placeholder=${t('position or time')} /><//>
      <${Button} type="submit">${t('Search')}<//>
    </form>
    ${shown.error && html`<${Failure} error=${shown.error} retry=${again} />`}
    ${shown.full && html`<p class="notice" role="status">${t('Following has ended at {count} rows, so that none of those that you have asked for goes. “Follow” begins anew.', { count: shown.items.length })}</p>`}
    ${shown.items == null ? !shown.error && html`<${Card} flush><${Loading} /><//>` : html`
      <${Card} flush>
        <${Table} label=${t('Events')} rows=${shown.items} id=${(e) => e.position} empty=${html`<${Empty} title=${t('No events.')}>${t('None is like that; choose less.')}<//>`} columns=${[
          { label: t('Event'), cell: (e) => html`<button type="button" class="link" onClick=${() => setOpen(e)}>${e.type}</button>`, class: 'nowrap' },
          { label: t('Aggregate'), cell: (e) => html`<a href=${`#/events/${e.aggregateId}`}>${e.aggregateId}</a>`, class: 'nowrap' },
          { label: t('No.'), num: true, cell: (e) => e.sequenceNumber },
          { label: t('What'), cell: (e) => html`<span class="clip mono">${summary(e.payload)}</span>` },
          { label: t('Time'), cell: (e) => html`<${Time} at=${e.time} />`, class: 'nowrap' },
          { label: t('Position'), cell: (e) => html`<${Position} of=${e.position} />`, class: 'nowrap' },
        ]} />
        ${shown.more && html`<p class="more"><${Button} onClick=${more} busy=${busy}>${t('Show more')}<//></p>`}
      <//>`}
    ${open && html`<${Event} event=${open} close=${() => setOpen(null)} />`}`;
}

const plain = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
const summary = (payload) => Object.entries(payload).map(([name, value]) => `${name}: ${plain(value)}`).join(' · ');

const Position = ({ of }) => html`<a href=${`#/events/${of}`}><code>${of}</code></a>`;

function Event({ event, close }) {
  return html`<${Dialog} wide title=${event.type} close=${close}><${Parts} of=${event} under="h2" /><//>`;
}

/** @param under the heading over it: h1 or h2 */
function Parts({ of: event, under }) {
  const Title = under === 'h1' ? 'h2' : 'h3';
  return html`
    <${Facts} of=${[
      [t('Aggregate'), html`<a href=${`#/events/${event.aggregateId}`}>${event.aggregateId}</a>`], [t('No.'), event.sequenceNumber], [t('Time'), html`<${Time} at=${event.time} />`],
      [t('Position'), html`<${Position} of=${event.position} />`], [t('Revision'), event.revision], [t('Event id'), html`<code>${event.eventId}</code>`],
      event.metadata?.traceparent && [t('Trace'), html`<code>${event.metadata.traceparent.split('-')[1]}</code>`],
    ]} />
    <p></p><${Title}>${t('Payload')}<//><${Json} value=${event.payload} />
    <p></p><${Title}>${t('Metadata')}<//><${Json} value=${event.metadata} />`;
}

/** The event at a position: the last one up to it. */
function One({ position }) {
  const [personal, setPersonal] = useState(false);
  const event = useLoad(async (signal) => {
    const { items } = await pages('/api/admin/events', { to: position, ...(personal ? { personalData: true } : {}) }, 1, signal);
    return { found: items.find((each) => each.position === position) };
  }, [position, personal]);
  const found = event.data?.found;
  return html`
    <${Head} title=${found?.type ?? position} lead=${html`<a href="#/events">${t('All events')}</a>`}>
      ${found && !personal && html`<${ShowPersonal} show=${() => setPersonal(true)} />`}
    <//>
    <${Card}>
      <${Loaded} of=${event}>${() => (found ? html`<${Parts} of=${found} under="h1" />` : html`<${Empty} title=${t('There is no event at that position.')} />`)}<//>
    <//>`;
}

function Aggregate({ id }) {
  const [personal, setPersonal] = useState(false);
  const shown = useRef(0);
  const read = (wanted, signal, cursor) => pages(`/api/admin/aggregates/${encodeURIComponent(id)}/events`, personal ? { personalData: true } : {}, wanted, signal, cursor);
  const events = useLoad((signal) => read(Math.max(AT_A_TIME, shown.current), signal), [id, personal]);
  const first = events.data;
  const [more, setMore] = useState({ behind: null, items: [], cursor: null });
  const known = more.behind === first ? more : { behind: first, items: [], cursor: first?.cursor };
  const readOn = async () => {
    const { items, cursor } = await read(AT_A_TIME, undefined, known.cursor);
    setMore({ behind: first, items: [...known.items, ...items], cursor });
  };
  if (first) shown.current = first.items.length + known.items.length + (known.cursor ? 0 : AT_A_TIME); // with what came since
  const fields = {};
  return html`
    <${Head} title=${id} lead=${html`<a href="#/events">${t('All events')}</a>`}>
      ${!personal && html`<${ShowPersonal} show=${() => setPersonal(true)} />`}
      <${Button} icon="refresh" onClick=${events.reload}>${t('Refresh')}<//>
    <//>
    <${Card} title=${t('What each event changed')}>
      <${Loaded} of=${events}>${(data) => html`
        <ol class="timeline">${[...data.items, ...known.items].map((event) => {
          const changes = Object.entries(event.payload).filter(([name, value]) => plain(fields[name]) !== plain(value));
          const before = { ...fields };
          Object.assign(fields, event.payload);
          return html`
            <li key=${event.position}>
              <span class="strong">${event.type}</span> <span class="when"><${Time} at=${event.time} /> · ${t('No.')} ${event.sequenceNumber} · <${Position} of=${event.position} /></span>
              <dl class="changes">${changes.map(([name, value]) => html`<div><dt>${name}</dt><dd>${name in before ? html`<del>${plain(before[name])}</del> ` : ''}<ins>${plain(value)}</ins></dd></div>`)}</dl>
            </li>`;
        })}</ol>
        ${known.cursor && html`
          <p class="hint">${t('These are the first {count} events.', { count: number(data.items.length + known.items.length) })}</p>
          <p class="more"><${Action} run=${readOn}>${t('Show more')}<//></p>`}`}<//>
    <//>`;
}
