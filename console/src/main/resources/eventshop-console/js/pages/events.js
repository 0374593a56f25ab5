// The store itself: what happened, and what each event changed.
import { html, useState, useEffect, useRef } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, get, query, useLoad, follow, isPosition, instant } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, Action, Button, ShowPersonal, Field, Text, Time, Facts, Empty, Dialog, Json, Failure, Loading } from '../ui.js';

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

function Store({ search }) {
  const [typed, setTyped] = useState({ type: search.get('type') ?? '', aggregateId: search.get('aggregateId') ?? '', from: '', to: '' });
  const [filters, setFilters] = useState(typed);
  const [live, setLive] = useState(true);
  const [open, setOpen] = useState(null);
  const [state, setState] = useState({ items: null, cursor: null, error: null });
  const [busy, setBusy] = useState(false);
  const set = (name) => (value) => setTyped({ ...typed, [name]: value });
  const moment = (text) => (text === '' || isPosition(text) ? text : instant(text));
  const parameters = () => ({ type: filters.type, aggregateId: filters.aggregateId, from: moment(filters.from), to: moment(filters.to) });
  const current = useRef(null);

  useEffect(() => {
    const aborted = new AbortController();
    const { signal } = aborted;
    current.current = signal;
    let timer = null;
    let fresh = [];
    setState({ items: null, cursor: null, error: null, connected: false });
    const add = () => {
      timer = null;
      const items = fresh.reverse();
      fresh = [];
      setState((now) => {
        const all = [...items, ...now.items];
        // Behind what is cut off, nothing can be added without a gap.
        return { ...now, items: all.slice(0, MOST), cursor: all.length > MOST ? null : now.cursor };
      });
    };
    (async () => {
      try {
        const head = (await pages('/api/admin/events', {}, 1, signal)).items[0]?.position ?? START;
        const to = parameters().to || head;
        const show = ({ items, cursor }) => (items.length || !cursor) && setState((now) => ({ ...now, items, cursor, to, error: null }));
        const { items } = await pages('/api/admin/events', { ...parameters(), to }, 50, signal, null, show);
        if (!live || filters.to !== '') return;
        const { type, aggregateId, from } = parameters();
        // Where nothing is up to the head, it may be that everything is before what is asked for.
        await follow(QUERY, '/api/admin/events/stream' + query({ type, aggregateId, from: items.length ? head : from || head }), {
          signal,
          take: (event) => {
            fresh.push(event);
            timer ??= setTimeout(add, AT_ONCE);
          },
          opened: () => setState((now) => ({ ...now, error: null, connected: true })),
          failed: (error) => setState((now) => ({ ...now, error, connected: false })),
        });
      } catch (error) {
        if (!signal.aborted) setState((now) => ({ ...now, error }));
      }
    })();
    return () => {
      aborted.abort();
      clearTimeout(timer);
    };
  }, [filters, live]);

  const more = async () => {
    const signal = current.current; // of these filters
    setBusy(true);
    try {
      const next = await pages('/api/admin/events', { ...parameters(), to: state.to }, 50, signal, state.cursor);
      if (!signal.aborted) setState((now) => ({ ...now, cursor: next.cursor, items: [...now.items, ...next.items] }));
    } catch (error) {
      if (!signal.aborted) setState((now) => ({ ...now, error }));
    } finally {
      setBusy(false);
    }
  };

  return html`
    <${Head} title=${t('Events')} lead=${t('The truth of the shop: all that ever happened, newest first.')}>
      ${live && filters.to === '' && html`<span class=${state.connected ? 'live' : 'live off'}>${state.connected ? t('live') : t('connecting')}</span>`}
      <${Button} aria-pressed=${live} onClick=${() => setLive(!live)}>${live ? t('Stop following') : t('Follow')}<//>
    <//>
    <form class="filters" onSubmit=${(e) => { e.preventDefault(); setFilters(typed); }}>
      <${Field} label=${t('Type')}><${Text} value=${typed.type} onChange=${set('type')} list="types" /><//>
      <datalist id="types">${TYPES.map((type) => html`<option value=${type}></option>`)}</datalist>
      <${Field} label=${t('Aggregate')}><${Text} value=${typed.aggregateId} onChange=${set('aggregateId')} placeholder="order-17" /><//>
      <${Field} label=${t('From')}><${Text} value=${typed.from} onChange=${set('from')} placeholder=${t('position or time')} /><//>
      <${Field} label=${t('To')}><${Text} value=${typed.to} onChange=${set('to')} placeholder=${t('position or time')} /><//>
      <${Button} type="submit">${t('Search')}<//>
    </form>
    ${state.error && html`<${Failure} error=${state.error} retry=${() => setFilters({ ...typed })} />`}
    ${state.items == null ? !state.error && html`<${Card} flush><${Loading} /><//>` : html`
      <${Card} flush>
        <${Table} label=${t('Events')} rows=${state.items} id=${(e) => e.position} empty=${html`<${Empty} title=${t('No events.')}>${t('None is like that; choose less.')}<//>`} columns=${[
          { label: t('Event'), cell: (e) => html`<button type="button" class="link" onClick=${() => setOpen(e)}>${e.type}</button>`, class: 'nowrap' },
          { label: t('Aggregate'), cell: (e) => html`<a href=${`#/events/${e.aggregateId}`}>${e.aggregateId}</a>`, class: 'nowrap' },
          { label: t('No.'), num: true, cell: (e) => e.sequenceNumber },
          { label: t('What'), cell: (e) => html`<span class="clip mono">${summary(e.payload)}</span>` },
          { label: t('Time'), cell: (e) => html`<${Time} at=${e.time} />`, class: 'nowrap' },
          { label: t('Position'), cell: (e) => html`<${Position} of=${e.position} />`, class: 'nowrap' },
        ]} />
        ${state.cursor && html`<p class="more"><${Button} onClick=${more} busy=${busy}>${t('Show more')}<//></p>`}
      <//>`}
    ${open && html`<${Event} event=${open} close=${() => setOpen(null)} />`}`;
}

const plain = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));
const summary = (payload) => Object.entries(payload).map(([name, value]) => `${name}: ${plain(value)}`).join(' · ');

const Position = ({ of }) => html`<a href=${`#/events/${of}`}><code>${of}</code></a>`;

function Event({ event, close }) {
  return html`<${Dialog} wide title=${event.type} close=${close}><${Parts} of=${event} /><//>`;
}

function Parts({ of: event }) {
  return html`
    <${Facts} of=${[
      [t('Aggregate'), html`<a href=${`#/events/${event.aggregateId}`}>${event.aggregateId}</a>`], [t('No.'), event.sequenceNumber], [t('Time'), html`<${Time} at=${event.time} />`],
      [t('Position'), html`<${Position} of=${event.position} />`], [t('Revision'), event.revision], [t('Event id'), html`<code>${event.eventId}</code>`],
      event.metadata?.traceparent && [t('Trace'), html`<code>${event.metadata.traceparent.split('-')[1]}</code>`],
    ]} />
    <p></p><h3>${t('Payload')}</h3><${Json} value=${event.payload} />
    <p></p><h3>${t('Metadata')}</h3><${Json} value=${event.metadata} />`;
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
      <${Loaded} of=${event}>${() => (found ? html`<${Parts} of=${found} />` : html`<${Empty} title=${t('There is no event at that position.')} />`)}<//>
    <//>`;
}

function Aggregate({ id }) {
  const [personal, setPersonal] = useState(false);
  const read = (signal, cursor) => pages(`/api/admin/aggregates/${encodeURIComponent(id)}/events`, personal ? { personalData: true } : {}, AT_A_TIME, signal, cursor);
  const events = useLoad((signal) => read(signal), [id, personal]);
  const first = events.data;
  const [more, setMore] = useState({ behind: null, items: [], cursor: null });
  const known = more.behind === first ? more : { behind: first, items: [], cursor: first?.cursor };
  const readOn = async () => {
    const { items, cursor } = await read(undefined, known.cursor);
    setMore({ behind: first, items: [...known.items, ...items], cursor });
  };
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
