// What could not be handled: events that projections have set apart, and messages that queues could not deliver.
import { html, useMemo, useState } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, NOTIFICATION, get, write, query, health, metrics, useLoad, usePages, useFilters } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, More, Confirmed, Field, Text, Time, Facts, Empty, Tabs, Button, ShowPersonal, Dialog, FormDialog, Json, State, Failure, Loading, say } from '../ui.js';
import { Chart } from '../chart.js';

export default function Failures({ parts, query: search }) {
  const current = parts[0] ?? 'all';
  return html`
    <${Head} title=${t('Failures')} lead=${t('Nothing is lost: what could not be handled waits here, to be tried again or discarded.')} />
    <${Tabs} label=${t('Failures')} current=${'#/failures/' + current} tabs=${[['#/failures/all', t('All')], ['#/failures/projections', t('Projections')], ['#/failures/queues', t('Queues')]]} />
    ${current === 'all' ? html`<${All} />` : current === 'queues' ? html`<${Queues} search=${search} id=${parts[1]} />` : html`<${Events} key=${search.get('projection')} search=${search} id=${parts[1]} />`}`;
}

/** A letter is a window over its list, with an address of its own. */
const letterAt = (list, search) => (id) => `#/failures/${list}${id ? '/' + id : ''}${query(Object.fromEntries(search))}`;

const short = (name) => (name ? name.split('.').pop() : null);
const counted = (text) => (result) => t(text, { count: number(result?.body?.count ?? 0) });

function Both({ retry, discard, what, label }) {
  return html`
    <${Confirmed} kind="small" icon="refresh" aria-label=${`${t('Retry')}: ${label}`} title=${t('Retry')} text=${t('{what} will be tried again.', { what })} run=${retry} done=${counted('{count} to be tried again.')}>${t('Retry')}<//>
    <${Confirmed} kind="danger small" aria-label=${`${t('Discard')}: ${label}`} danger title=${t('Discard')} text=${t('{what} will be gone for good; nothing of it is handled any more.', { what })} run=${discard} done=${counted('{count} discarded.')}>${t('Discard')}<//>`;
}

const useGroups = (service) => useLoad((signal) => get(service, `/api/admin/dead-letters/groups?limit=200${service === NOTIFICATION ? '&personalData=false' : ''}`, { signal }), [], { every: 4000 });
const actOn = (service, method, path, body, ...changed) => async () => {
  const result = await write(service, method, '/api/admin/dead-letters' + path, body);
  changed.forEach((list) => list.reload());
  return result;
};

const COUNTS = {
  [QUERY]: async ({ projection }, signal) => {
    const { items } = await get(QUERY, '/api/admin/processors', { signal });
    return items.filter((each) => !projection || each.projection === projection).reduce((sum, each) => sum + each.deadLetters, 0);
  },
  [NOTIFICATION]: async ({ queue }, signal) => {
    let [count, cursor] = [0, null];
    do {
      const page = await get(NOTIFICATION, '/api/admin/dead-letters/groups' + query({ limit: 200, personalData: false, cursor }), { signal });
      count += page.items.filter((group) => !queue || group.queue === queue).reduce((sum, group) => sum + group.count, 0);
      cursor = page.nextCursor;
    } while (cursor);
    return count;
  },
};

/** @param of where they are: [[service, what is meant of it]] */
function Everything({ of, changed, none }) {
  const [asked, setAsked] = useState(null);
  const chosen = of.map(([, selection]) => selection.projection ?? selection.queue).find(Boolean) ?? '';
  const button = (action, kind, words) => html`
    <${Button} kind=${kind} disabled=${none} aria-label=${chosen ? `${words}: ${chosen}` : undefined} onClick=${() => setAsked(action)}>${words}<//>`;
  return html`
    ${button('retry', 'small', t('Retry all'))}
    ${button('discard', 'danger small', t('Discard all'))}
    ${asked && html`<${AskOfAll} of=${of} action=${asked} changed=${changed} close=${() => setAsked(null)} />`}`;
}

function AskOfAll({ of, action, changed, close }) {
  const discards = action === 'discard';
  const counts = useLoad((signal) => Promise.all(of.map(([service, selection]) => COUNTS[service](selection, signal))), []);
  const submit = async () => {
    const results = await Promise.allSettled(of.map(([service, selection]) => write(service, 'POST', `/api/admin/dead-letters/${action}`, selection)));
    changed.forEach((list) => list.reload());
    const count = number(results.reduce((sum, { value }) => sum + (value?.body?.count ?? 0), 0));
    const words = discards ? t('{count} discarded.', { count }) : t('{count} to be tried again.', { count });
    const failure = results.find(({ reason }) => reason)?.reason;
    if (failure) throw new Error(`${words} ${failure.message}`);
    say(words);
  };
  return html`
    <${FormDialog} title=${discards ? t('Discard all') : t('Retry all')} action=${discards ? t('Discard all') : t('Retry all')} danger=${discards} close=${close} submit=${submit}>
      <p>${discards ? t('All of this will be gone for good; nothing of it is handled any more.') : t('All of this will be tried again.')}</p>
      <${Loaded} of=${counts}>${(each) => html`
        <${Facts} of=${of.map(([service, selection], i) => [service === QUERY ? t('Events of projections') : t('Messages of queues'),
          html`<span class="strong">${number(each[i])}</span> ${selection.projection ?? selection.queue ?? ''}`])} />`}<//>
    <//>`;
}

/** Both lists in one, by their errors. */
function All() {
  const projections = useGroups(QUERY);
  const queues = useGroups(NOTIFICATION);
  const hours = useLoad(async (signal) => {
    const [parked, letters] = await Promise.all([QUERY, NOTIFICATION].map((service) => get(service, '/api/admin/dead-letters/hours', { signal })));
    return { parked: parked.items, letters: letters.items };
  }, [], { every: 10_000 });
  const rows = [
    ...(projections.data?.items ?? []).map((g) => ({
      id: `p ${g.projection} ${g.errorClass} ${g.error}`, where: g.projection, kind: t('Projection'), href: `#/failures/projections?projection=${g.projection}`, service: QUERY, list: projections,
      selection: { projection: g.projection, errorClass: g.errorClass }, errorClass: g.errorClass, errors: [g.error], count: number(g.count), first: g.firstParkedAt, last: g.lastParkedAt,
    })),
    ...byClass(queues.data?.items ?? []).map((g) => ({
      id: `q ${g.queue} ${g.errorClass}`, where: g.queue, kind: t('Queue'), href: `#/failures/queues${query({ queue: g.queue })}`, service: NOTIFICATION, list: queues,
      selection: { queue: g.queue, errorClass: g.errorClass }, errorClass: g.errorClass, errors: g.errors, count: number(g.count) + (queues.data.nextCursor ? '+' : ''), first: g.firstFailedAt, last: g.lastFailedAt,
    })),
  ].sort((a, b) => Date.parse(b.last) - Date.parse(a.last));
  return html`
    ${[projections, queues].map((list) => list.error && html`<${Failure} error=${list.error} retry=${list.reload} />`)}
    <${Card} title=${t('Groups')} flush actions=${html`<${Everything} of=${[[QUERY, {}], [NOTIFICATION, {}]]} changed=${[projections, queues, hours]} none=${rows.length === 0} />`}>
      ${rows.length === 0 && (projections.data == null || queues.data == null) ? (projections.error || queues.error ? '' : html`<${Loading} />`) : html`
        <${Table} label=${t('Groups')} rows=${rows} id=${(g) => g.id}
          empty=${html`<${Empty} title=${t('Nothing has failed.')}>${t('What a projection can’t apply and what a queue could not deliver is put together here by its error.')}<//>`}
          columns=${[
            { label: t('Where'), cell: (g) => html`<a href=${g.href}>${g.where}</a><div class="faint">${g.kind}</div>`, class: 'nowrap' },
            { label: t('Error'), cell: (g) => html`<span class="strong">${short(g.errorClass)}</span>${g.errors.map((each) => html`<div class="faint">${each}</div>`)}`, class: 'long' },
            { label: t('Count'), num: true, cell: (g) => g.count },
            { label: t('First'), cell: (g) => html`<${Time} at=${g.first} />`, class: 'nowrap' },
            { label: t('Last'), cell: (g) => html`<${Time} at=${g.last} />`, class: 'nowrap' },
            { label: t('Actions'), hidden: true, class: 'act', cell: (g) => html`<${Both} label=${`${g.where} ${short(g.errorClass)}`} what=${`${t('All of this group')} (${g.count}: ${g.where}, ${short(g.errorClass)})`} retry=${actOn(g.service, 'POST', '/retry', g.selection, g.list)} discard=${actOn(g.service, 'POST', '/discard', g.selection, g.list)} />` },
          ]} />`}
    <//>
    <div class="columns even">
      <${Card} title=${t('By the hour')}><${Loaded} of=${hours}>${(data) => html`<${Hours} ...${data} />`}<//><//>
      <${Circuits} />
    </div>`;
}

const HOUR = 3600;
const WEEK = 7 * 24;

/** What is here still, by when it came; projections stand in front of the sum. */
function Hours({ parked, letters }) {
  const data = useMemo(() => {
    const last = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
    const at = Array.from({ length: WEEK }, (_, i) => last - (WEEK - 1 - i) * HOUR);
    const counted = (items) => new Map(items.map((each) => [Date.parse(each.from) / 1000, each.count]));
    const [events, messages] = [counted(parked), counted(letters)];
    return [at, at.map((hour) => (events.get(hour) ?? 0) + (messages.get(hour) ?? 0) || null), at.map((hour) => events.get(hour) ?? null)];
  }, [parked, letters]);
  const total = (items) => items.reduce((sum, each) => sum + each.count, 0);
  const words = t('Of the last seven days wait {events} events and {messages} messages.', { events: number(total(parked)), messages: number(total(letters)) });
  return html`
    <${Chart} dated data=${data} format=${(v) => number(v)} series=${[{ label: t('Queues'), tone: '--accent', bars: true }, { label: t('Projections'), tone: '--ok', bars: true }]} words=${words} />
    <p class="hint">${words} ${t('What was tried again or discarded is not counted.')}</p>`;
}

/** What is left alone for a while when it fails, as the instances behind the management ports tell. */
function Circuits() {
  const circuits = useLoad(async (signal) => {
    const [mail, query] = await Promise.all([health(NOTIFICATION, signal), metrics(QUERY, signal)]);
    const found = [];
    if (mail) {
      const details = mail.components?.mail?.details ?? {};
      found.push({ name: t('Mail server'), state: details.circuit ?? (mail.status === 'UNREACHABLE' ? mail.status : 'UNKNOWN'), why: details.error ?? details.lastFailure, runbook: 'mail-circuit-open' });
    }
    const redis = query?.find((sample) => sample.name === 'eventshop_cache_redis');
    if (redis) found.push({ name: 'Redis', state: redis.value === 1 ? 'CLOSED' : 'OPEN', runbook: 'redis-away' });
    return found;
  }, [], { every: 3000 });
  return html`
    <${Card} title=${t('Circuit breakers')} flush>
      <${Loaded} of=${circuits}>${(found) => html`
        <${Table} label=${t('Circuit breakers')} rows=${found} id=${(c) => c.name}
          empty=${html`<${Empty} title=${t('not known')}>${t('They are shown where browsers reach the management ports of the services.')}<//>`}
          columns=${[
            { label: t('Of'), cell: (c) => c.name, class: 'nowrap' },
            { label: t('State'), cell: (c) => html`<${State} of=${c.state} />` },
            { label: t('Last failure'), cell: (c) => html`${c.why ?? html`<span class="faint">–</span>`}${c.state !== 'CLOSED' && c.runbook && html`<div><a href=${`#/runbooks/${c.runbook}`}>${t('What to do')}</a></div>`}`, class: 'long' },
          ]} />`}<//>
    <//>`;
}

function Events({ search, id }) {
  const projection = search.get('projection');
  const letters = usePages(QUERY, '/api/admin/dead-letters' + query({ projection }), [], { every: 4000 });
  const address = letterAt('projections', search);
  const close = () => (location.hash = address());
  const groups = useGroups(QUERY);
  const chosen = (group) => !projection || group.projection === projection;
  const act = (method, path, body) => actOn(QUERY, method, path, body, groups, letters);
  return html`
    ${projection && html`<p class="filters">${t('Of {projection} only.', { projection })} <a href="#/failures/projections">${t('Show all')}</a></p>`}
    <${Loaded} of=${groups}>${({ items }) => items.some(chosen) && html`
      <${Card} title=${t('Groups')} flush>
        <${Table} label=${t('Groups')} rows=${items.filter(chosen)} id=${(g) => `${g.projection} ${g.errorClass} ${g.error}`} columns=${[
          { label: t('Projection'), cell: (g) => g.projection, class: 'nowrap' },
          { label: t('Error'), cell: (g) => html`<span class="strong">${short(g.errorClass)}</span><div class="faint">${g.error}</div>`, class: 'long' },
          { label: t('Count'), num: true, cell: (g) => number(g.count) },
          { label: t('First'), cell: (g) => html`<${Time} at=${g.firstParkedAt} />`, class: 'nowrap' },
          { label: t('Last'), cell: (g) => html`<${Time} at=${g.lastParkedAt} />`, class: 'nowrap' },
          { label: t('Actions'), hidden: true, class: 'act', cell: (g) => html`<${Both} label=${`${g.projection} ${short(g.errorClass)}`} what=${`${t('All of this group')} (${number(g.count)}: ${g.projection}, ${short(g.errorClass)})`} retry=${act('POST', '/retry', { projection: g.projection, errorClass: g.errorClass })} discard=${act('POST', '/discard', { projection: g.projection, errorClass: g.errorClass })} />` },
        ]} />
      <//>`}<//>
    <${Loaded} of=${letters}>${(data) => html`
        <${Card} title=${t('Events')} flush actions=${html`<${Everything} of=${[[QUERY, projection ? { projection } : {}]]} changed=${[groups, letters]} none=${data.items.length === 0} />`}>
          <${Table} label=${t('Events that were set apart')} rows=${data.items} id=${(l) => l.id}
            empty=${html`<${Empty} title=${t('No event was set apart.')}>${t('An event that a projection can’t apply comes here, with those of the same aggregate behind it; the others go on.')}<//>`}
            columns=${[
              { label: t('Event'), cell: (l) => html`<a href=${address(l.id)}>${l.type}</a>`, class: 'nowrap' },
              { label: t('Aggregate'), cell: (l) => html`<a href=${`#/events/${l.aggregateId}`}>${l.aggregateId}</a>`, class: 'nowrap' },
              { label: t('No.'), num: true, cell: (l) => l.sequenceNumber },
              { label: t('Projection'), cell: (l) => l.projection, class: 'nowrap' },
              { label: t('Error'), cell: (l) => (l.errorClass ? short(l.errorClass) : t('waits for those before it')), class: 'long' },
              { label: t('Attempts'), num: true, cell: (l) => l.attempts },
              { label: t('Set apart'), cell: (l) => html`<${Time} at=${l.parkedAt} />`, class: 'nowrap' },
              { label: t('Actions'), hidden: true, class: 'act', cell: (l) => html`<${Both} label=${`${l.type} ${l.aggregateId}`} what=${`${l.type} (${l.aggregateId})`} retry=${act('POST', `/${l.id}/retry`)} discard=${act('DELETE', `/${l.id}`)} />` },
            ]} />
          <${More} pages=${letters} />
        <//>`}<//>
    ${id && html`<${SetApart} key=${id} id=${id} act=${act} close=${close} />`}`;
}

/** Where it fails, the window stays and says why. */
const closing = (close) => (result) => {
  close();
  return result;
};

const buttons = (act, close, id, label, what) => html`
  <div class="buttons"><${Both} label=${label} what=${what} retry=${() => act('POST', `/${id}/retry`)().then(closing(close))} discard=${() => act('DELETE', `/${id}`)().then(closing(close))} /></div>`;

function SetApart({ id, act, close }) {
  const [personal, setPersonal] = useState(false);
  const letter = useLoad((signal) => get(QUERY, `/api/admin/dead-letters/${id}${personal ? '?personalData=true' : ''}`, { signal }), [id, personal]);
  return html`
    <${Dialog} wide title=${letter.data?.type ?? t('Event that was set apart')} close=${close}>
      <${Loaded} of=${letter}>${(l) => html`
        <${Facts} of=${[[t('Projection'), l.projection], [t('Aggregate'), html`<a href=${`#/events/${l.aggregateId}`}>${l.aggregateId}</a>`], [t('No.'), l.sequenceNumber], [t('Attempts'), l.attempts], [t('Set apart'), html`<${Time} at=${l.parkedAt} />`],
          l.event && [t('Position'), html`<a href=${`#/events/${l.event.position}`}><code>${l.event.position}</code></a>`]]} />
        <p></p>
        <h3>${l.errorClass ?? t('It waits for those before it.')}</h3>
        ${l.error && html`<${Json} value=${l.error} />`}
        ${l.stackTrace && html`<details><summary>${t('Stack trace')}</summary><${Json} value=${l.stackTrace} /></details>`}
        ${l.event && html`
          <p></p><h3>${t('Payload')}</h3><${Json} value=${l.event.payload} />
          ${!personal && html`<p><${ShowPersonal} show=${() => setPersonal(true)} /></p>`}
          <p></p><h3>${t('Metadata')}</h3><${Json} value=${l.event.metadata} />`}
        <p class="hint"><a href="#/runbooks/projection-dead-letters">${t('What to do')}</a></p>
        ${buttons(act, close, id, `${l.type} ${l.aggregateId}`, `${l.type} (${l.aggregateId})`)}`}<//>
    <//>`;
}

/** One row for all that is tried again or discarded together: the same queue and class, whatever the words. */
function byClass(groups) {
  const merged = new Map();
  for (const group of groups) {
    const key = `${group.queue} ${group.errorClass}`;
    const known = merged.get(key) ?? { ...group, count: 0, errors: [] };
    merged.set(key, {
      ...known,
      count: known.count + group.count,
      errors: [...known.errors, group.error].slice(0, 5),
      firstFailedAt: known.firstFailedAt < group.firstFailedAt ? known.firstFailedAt : group.firstFailedAt,
      lastFailedAt: known.lastFailedAt > group.lastFailedAt ? known.lastFailedAt : group.lastFailedAt,
    });
  }
  return [...merged.values()];
}

function Queues({ search, id }) {
  const { chosen, typed, set } = useFilters('#/failures/queues', search, ['queue', 'error']);
  const address = letterAt('queues', search);
  const close = () => (location.hash = address());
  const groups = useGroups(NOTIFICATION);
  const letters = usePages(NOTIFICATION, '/api/admin/dead-letters' + query({ ...chosen, personalData: false }), [], { every: 4000 });
  const act = (method, path, body) => actOn(NOTIFICATION, method, path, body, groups, letters);
  return html`
    <${Loaded} of=${groups}>${(data) => data.items.length > 0 && html`
      <${Card} title=${t('Groups')} flush>
        <${Table} label=${t('Groups')} rows=${byClass(data.items)} id=${(g) => `${g.queue} ${g.errorClass}`} columns=${[
          { label: t('Queue'), cell: (g) => html`<a href=${'#/failures/queues' + query({ queue: g.queue })}>${g.queue}</a>`, class: 'nowrap' },
          { label: t('Error'), cell: (g) => html`<span class="strong">${short(g.errorClass)}</span>${g.errors.map((each) => html`<div class="faint">${each}</div>`)}`, class: 'long' },
          { label: t('Count'), num: true, cell: (g) => number(g.count) + (data.nextCursor ? '+' : '') },
          { label: t('First'), cell: (g) => html`<${Time} at=${g.firstFailedAt} />`, class: 'nowrap' },
          { label: t('Last'), cell: (g) => html`<${Time} at=${g.lastFailedAt} />`, class: 'nowrap' },
          { label: t('Actions'), hidden: true, class: 'act', cell: (g) => html`<${Both} label=${`${g.queue} ${short(g.errorClass)}`} what=${`${t('All of this group')} (${number(g.count)}: ${g.queue}, ${short(g.errorClass)})`} retry=${act('POST', '/retry', { queue: g.queue, errorClass: g.errorClass })} discard=${act('POST', '/discard', { queue: g.queue, errorClass: g.errorClass })} />` },
        ]} />
      <//>`}<//>
    <div class="filters">
      <${Field} label=${t('Queue')}><${Text} value=${typed.queue} onChange=${set('queue')} placeholder="order.created" /><//>
      <${Field} label=${t('Part of the error')}><${Text} value=${typed.error} onChange=${set('error')} /><//>
    </div>
    <${Card} title=${t('Messages')} flush actions=${!typed.error && html`<${Everything} of=${[[NOTIFICATION, typed.queue ? { queue: typed.queue } : {}]]} changed=${[groups, letters]} none=${!letters.data?.items.length} />`}>
      <${Loaded} of=${letters}>${(data) => html`
        <${Table} label=${t('Dead letters')} rows=${data.items} id=${(l) => l.id}
          empty=${html`<${Empty} title=${t('No dead letters.')}>${t('A message that could not be handled after all its attempts is here some seconds later.')}<//>`}
          columns=${[
            { label: t('Message'), cell: (l) => html`<a href=${address(l.id)}>${l.type ?? l.messageId ?? l.id}</a>`, class: 'nowrap' },
            { label: t('Queue'), cell: (l) => l.queue, class: 'nowrap' },
            { label: t('Error'), cell: (l) => html`<span class="strong">${short(l.errorClass)}</span><div class="faint">${l.error}</div>`, class: 'long' },
            { label: t('Attempts'), num: true, cell: (l) => l.attempts },
            { label: t('Last'), cell: (l) => html`<${Time} at=${l.lastFailedAt} />`, class: 'nowrap' },
            { label: t('Actions'), hidden: true, class: 'act', cell: (l) => html`<${Both} label=${`${l.type} ${l.id}`} what=${`${l.type ?? ''} (${l.queue})`} retry=${act('POST', `/${l.id}/retry`)} discard=${act('DELETE', `/${l.id}`)} />` },
          ]} />
        <${More} pages=${letters} />`}<//>
    <//>
    ${id && html`<${Letter} key=${id} id=${id} act=${act} close=${close} />`}`;
}

function Letter({ id, act, close }) {
  const [personal, setPersonal] = useState(false);
  const letter = useLoad((signal) => get(NOTIFICATION, `/api/admin/dead-letters/${id}?personalData=${personal}`, { signal }), [id, personal]);
  return html`
    <${Dialog} wide title=${t('Dead letter')} close=${close}>
      <${Loaded} of=${letter}>${(l) => html`
        <${Facts} of=${[[t('Event'), l.type], [t('Queue'), l.queue], [t('Routing key'), l.routingKey], [t('Message id'), html`<code>${l.messageId}</code>`], [t('Attempts'), l.attempts], [t('First'), html`<${Time} at=${l.firstFailedAt} />`], [t('Last'), html`<${Time} at=${l.lastFailedAt} />`]]} />
        <p></p><h3>${l.errorClass}</h3><${Json} value=${l.error ?? ''} />
        <p></p><h3>${t('Body')}</h3>${l.body == null ? html`<p>${t('Gone: the person was erased.')}</p>` : html`<${Json} value=${pretty(l.body)} />`}
        ${!personal && l.body != null && html`<p><${ShowPersonal} show=${() => setPersonal(true)} /></p>`}
        ${l.headers && html`<p></p><h3>${t('Headers')}</h3><${Facts} of=${Object.entries(l.headers).map(([name, value]) => [name, html`<code>${value}</code>`])} />`}
        ${l.stackTrace && html`<details><summary>${t('Stack trace')}</summary><${Json} value=${l.stackTrace} /></details>`}
        <p class="hint"><a href="#/runbooks/messages-failed">${t('What to do')}</a></p>
        ${buttons(act, close, id, `${l.type} ${l.id}`, `${l.type ?? ''} (${l.queue})`)}`}<//>
    <//>`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
