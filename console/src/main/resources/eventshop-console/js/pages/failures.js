// What could not be handled: events that projections have set apart, and messages that queues could not deliver.
import { html, useState } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, NOTIFICATION, get, write, query, useLoad, usePages } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, More, Confirmed, Field, Text, Time, Facts, Empty, Tabs, Dialog, Json } from '../ui.js';

export default function Failures({ parts, query: search }) {
  const current = parts[0] ?? 'projections';
  return html`
    <${Head} title=${t('Failures')} lead=${t('Nothing is lost: what could not be handled waits here, to be tried again or discarded.')} />
    <${Tabs} label=${t('Failures')} current=${'#/failures/' + current} tabs=${[['#/failures/projections', t('Projections')], ['#/failures/queues', t('Queues')]]} />
    ${current === 'queues' ? html`<${Queues} search=${search} />` : html`<${Events} key=${search.get('projection')} search=${search} />`}`;
}

const short = (name) => (name ? name.split('.').pop() : null);
const counted = (text) => (result) => t(text, { count: number(result?.body?.count ?? 0) });

function Both({ retry, discard, what, label }) {
  return html`
    <${Confirmed} kind="small" icon="refresh" aria-label=${`${t('Retry')}: ${label}`} title=${t('Retry')} text=${t('{what} will be tried again.', { what })} run=${retry} done=${counted('{count} to be tried again.')}>${t('Retry')}<//>
    <${Confirmed} kind="danger small" aria-label=${`${t('Discard')}: ${label}`} danger title=${t('Discard')} text=${t('{what} will be gone for good; nothing of it is handled any more.', { what })} run=${discard} done=${counted('{count} discarded.')}>${t('Discard')}<//>`;
}

function Events({ search }) {
  const projection = search.get('projection');
  const letters = usePages(QUERY, '/api/admin/dead-letters' + query({ projection }), [], { every: 4000, size: 200 });
  const [open, setOpen] = useState(null);
  const act = (method, path, body) => async () => {
    const result = await write(QUERY, method, '/api/admin/dead-letters' + path, body);
    letters.reload();
    return result;
  };
  return html`
    ${projection && html`<p class="filters">${t('Of {projection} only.', { projection })} <a href="#/failures/projections">${t('Show all')}</a></p>`}
    <${Loaded} of=${letters}>${(data) => {
      const groups = new Map();
      data.items.filter((l) => l.errorClass).forEach((l) => {
        const key = `${l.projection} ${l.errorClass}`;
        const group = groups.get(key) ?? { projection: l.projection, errorClass: l.errorClass, error: l.error, count: 0, first: l.parkedAt };
        group.count++;
        groups.set(key, group);
      });
      return html`
        ${groups.size > 0 && html`
          <${Card} title=${t('Groups')} flush>
            <${Table} label=${t('Groups')} rows=${[...groups.values()]} columns=${[
              { label: t('Projection'), cell: (g) => g.projection, class: 'nowrap' },
              { label: t('Error'), cell: (g) => html`<span class="strong">${short(g.errorClass)}</span><div class="faint">${g.error}</div>`, class: 'long' },
              { label: t('Count'), num: true, cell: (g) => number(g.count) + (data.more ? '+' : '') },
              { label: t('Since'), cell: (g) => html`<${Time} at=${g.first} />`, class: 'nowrap' },
              { label: t('Actions'), hidden: true, class: 'act', cell: (g) => html`<${Both} label=${`${g.projection} ${short(g.errorClass)}`} what=${`${t('All of this group')} (${g.projection}, ${short(g.errorClass)})`} retry=${act('POST', '/retry', { projection: g.projection, errorClass: g.errorClass })} discard=${act('POST', '/discard', { projection: g.projection, errorClass: g.errorClass })} />` },
            ]} />
          <//>`}
        <${Card} title=${t('Events')} flush>
          <${Table} label=${t('Events that were set apart')} rows=${data.items} id=${(l) => l.id}
            empty=${html`<${Empty} title=${t('No event was set apart.')}>${t('An event that a projection can’t apply comes here, with those of the same aggregate behind it; the others go on.')}<//>`}
            columns=${[
              { label: t('Event'), cell: (l) => html`<button type="button" class="link" onClick=${() => setOpen(l)}>${l.type}</button>`, class: 'nowrap' },
              { label: t('Aggregate'), cell: (l) => html`<a href=${`#/events/${l.aggregateId}`}>${l.aggregateId}</a>`, class: 'nowrap' },
              { label: t('No.'), num: true, cell: (l) => l.sequenceNumber },
              { label: t('Projection'), cell: (l) => l.projection, class: 'nowrap' },
              { label: t('Error'), cell: (l) => (l.errorClass ? short(l.errorClass) : t('waits for those before it')), class: 'long' },
              { label: t('Attempts'), num: true, cell: (l) => l.attempts },
              { label: t('Set apart'), cell: (l) => html`<${Time} at=${l.parkedAt} />`, class: 'nowrap' },
              { label: t('Actions'), hidden: true, class: 'act', cell: (l) => html`<${Both} label=${`${l.type} ${l.aggregateId}`} what=${`${l.type} (${l.aggregateId})`} retry=${act('POST', `/${l.id}/retry`)} discard=${act('DELETE', `/${l.id}`)} />` },
            ]} />
          <${More} pages=${letters} />
        <//>`;
    }}<//>
    ${open && html`
      <${Dialog} wide title=${open.type} close=${() => setOpen(null)}>
        <${Facts} of=${[[t('Projection'), open.projection], [t('Aggregate'), html`<a href=${`#/events/${open.aggregateId}`}>${open.aggregateId}</a>`], [t('No.'), open.sequenceNumber], [t('Attempts'), open.attempts], [t('Set apart'), html`<${Time} at=${open.parkedAt} />`]]} />
        <p></p>
        <h3>${open.errorClass ?? t('It waits for those before it.')}</h3>
        ${open.error && html`<${Json} value=${open.error} />`}
        <p class="hint"><a href="#/runbooks/projection-dead-letters">${t('What to do')}</a></p>
      <//>`}`;
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

function Queues({ search }) {
  const [queue, setQueue] = useState(search.get('queue') ?? '');
  const [error, setError] = useState(search.get('error') ?? '');
  const [open, setOpen] = useState(null);
  const groups = useLoad((signal) => get(NOTIFICATION, '/api/admin/dead-letters/groups?limit=200', { signal }), [], { every: 4000 });
  const letters = usePages(NOTIFICATION, '/api/admin/dead-letters' + query({ queue, error }), [], { every: 4000 });
  const act = (method, path, body) => async () => {
    const result = await write(NOTIFICATION, method, '/api/admin/dead-letters' + path, body);
    groups.reload();
    letters.reload();
    return result;
  };
  return html`
    <${Loaded} of=${groups}>${(data) => data.items.length > 0 && html`
      <${Card} title=${t('Groups')} flush>
        <${Table} label=${t('Groups')} rows=${byClass(data.items)} columns=${[
          { label: t('Queue'), cell: (g) => html`<button type="button" class="link" onClick=${() => setQueue(g.queue)}>${g.queue}</button>`, class: 'nowrap' },
          { label: t('Error'), cell: (g) => html`<span class="strong">${short(g.errorClass)}</span>${g.errors.map((each) => html`<div class="faint">${each}</div>`)}`, class: 'long' },
          { label: t('Count'), num: true, cell: (g) => number(g.count) + (data.nextCursor ? '+' : '') },
          { label: t('First'), cell: (g) => html`<${Time} at=${g.firstFailedAt} />`, class: 'nowrap' },
          { label: t('Last'), cell: (g) => html`<${Time} at=${g.lastFailedAt} />`, class: 'nowrap' },
          { label: t('Actions'), hidden: true, class: 'act', cell: (g) => html`<${Both} label=${`${g.queue} ${short(g.errorClass)}`} what=${`${t('All of this group')} (${number(g.count)}: ${g.queue}, ${short(g.errorClass)})`} retry=${act('POST', '/retry', { queue: g.queue, errorClass: g.errorClass })} discard=${act('POST', '/discard', { queue: g.queue, errorClass: g.errorClass })} />` },
        ]} />
      <//>`}<//>
    <div class="filters">
      <${Field} label=${t('Queue')}><${Text} value=${queue} onChange=${setQueue} placeholder="order.created" /><//>
      <${Field} label=${t('Part of the error')}><${Text} value=${error} onChange=${setError} /><//>
    </div>
    <${Card} title=${t('Messages')} flush>
      <${Loaded} of=${letters}>${(data) => html`
        <${Table} label=${t('Dead letters')} rows=${data.items} id=${(l) => l.id}
          empty=${html`<${Empty} title=${t('No dead letters.')}>${t('A message that could not be handled after all its attempts is here some seconds later.')}<//>`}
          columns=${[
            { label: t('Message'), cell: (l) => html`<button type="button" class="link" onClick=${() => setOpen(l.id)}>${l.type ?? l.messageId}</button>`, class: 'nowrap' },
            { label: t('Queue'), cell: (l) => l.queue, class: 'nowrap' },
            { label: t('Error'), cell: (l) => html`<span class="strong">${short(l.errorClass)}</span><div class="faint">${l.error}</div>`, class: 'long' },
            { label: t('Attempts'), num: true, cell: (l) => l.attempts },
            { label: t('Last'), cell: (l) => html`<${Time} at=${l.lastFailedAt} />`, class: 'nowrap' },
            { label: t('Actions'), hidden: true, class: 'act', cell: (l) => html`<${Both} label=${`${l.type} ${l.id}`} what=${`${l.type ?? ''} (${l.queue})`} retry=${act('POST', `/${l.id}/retry`)} discard=${act('DELETE', `/${l.id}`)} />` },
          ]} />
        <${More} pages=${letters} />`}<//>
    <//>
    ${open && html`<${Letter} id=${open} close=${() => setOpen(null)} />`}`;
}

function Letter({ id, close }) {
  const letter = useLoad((signal) => get(NOTIFICATION, `/api/admin/dead-letters/${id}`, { signal }), [id]);
  return html`
    <${Dialog} wide title=${t('Dead letter')} close=${close}>
      <${Loaded} of=${letter}>${(l) => html`
        <${Facts} of=${[[t('Event'), l.type], [t('Queue'), l.queue], ['Routing key', l.routingKey], ['Message id', html`<code>${l.messageId}</code>`], [t('Attempts'), l.attempts], [t('First'), html`<${Time} at=${l.firstFailedAt} />`], [t('Last'), html`<${Time} at=${l.lastFailedAt} />`]]} />
        <p></p><h3>${l.errorClass}</h3><${Json} value=${l.error ?? ''} />
        <p></p><h3>${t('Body')}</h3>${l.body == null ? html`<p>${t('Gone: the person was erased.')}</p>` : html`<${Json} value=${pretty(l.body)} />`}
        <p class="hint"><a href="#/runbooks/messages-failed">${t('What to do')}</a></p>`}<//>
    <//>`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
