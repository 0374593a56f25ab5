// History, sent once more to one queue.
import { html, useState } from '../dom.js';
import { t } from '../i18n.js';
import { COMMAND, NOTIFICATION, get, write, useLoad, usePages, bound } from '../api.js';
import { number, percent } from '../format.js';
import { Head, Card, Table, Loaded, More, Button, Confirmed, Field, Text, FormDialog, State, Progress, Facts, Empty, say, english } from '../ui.js';

const ended = (r) => ['COMPLETED', 'CANCELLED', 'FAILED'].includes(r.state);

export default function Republication({ parts }) {
  return parts[0] ? html`<${One} key=${parts[0]} id=${parts[0]} />` : html`<${All} />`;
}

const Cancel = ({ of, kind, changed }) => html`
  <${Confirmed} kind=${kind} title=${t('Cancel the republication')} text=${t('At most one batch more is sent.')} done=${t('Cancelled.')}
      run=${async () => { await write(COMMAND, 'DELETE', `/api/admin/republications/${of.id}`); changed(); }}>${t('Cancel')}<//>`;

function One({ id }) {
  const republication = useLoad((signal) => get(COMMAND, `/api/admin/republications/${id}`, { signal }), [id], { every: 2000 });
  const known = republication.data;
  const title = t('Republication {id}', { id });
  return html`
    <${Head} title=${title} lead=${html`<a href="#/republication">${t('All republications')}</a>`}>
      ${known && !ended(known) && html`<${Cancel} kind="danger" of=${known} changed=${republication.reload} />`}
    <//>
    <${Loaded} of=${republication}>${(r) => html`
      <${Card} title=${r.queue} actions=${html`<${State} of=${r.state} />`}>
        <div class="big">${percent(r.percent)}</div>
        <${Progress} value=${r.percent} label=${title} />
        <p></p>
        <${Facts} of=${[[t('Queue'), r.queue], [t('Events'), `${number(r.processed)} / ${number(r.total)}`]]} />
        ${r.error && html`<p></p><div class="notice bad"><p class="strong" lang=${english()}>${r.error}</p><p>${r.state === 'FAILED'
          ? t('What was sent stays sent. When the reason is gone, send the rest from where it ended.')
          : t('It goes on by itself as soon as the broker takes messages.')}</p><p><a href="#/runbooks/connection-failures">${t('What to do')}</a></p></div>`}
      <//>`}<//>`;
}

function All() {
  const all = usePages(COMMAND, '/api/admin/republications', [], { every: 2000, size: 30 });
  const [open, setOpen] = useState(false);
  return html`
    <${Head} title=${t('Republication')} lead=${t('Sends past events to one queue, such as that of a new consumer. Each carries the header x-replay; nobody is mailed twice.')}>
      <${Button} kind="primary" icon="republication" onClick=${() => setOpen(true)}>${t('Send history')}<//>
    <//>
    <${Card} flush>
      <${Loaded} of=${all}>${(data) => html`
        <${Table} label=${t('Republications')} rows=${data.items} id=${(r) => r.id}
          empty=${html`<${Empty} title=${t('No history was sent yet.')}>${t('“Send history” asks for a queue, and can count first without sending.')}<//>`}
          columns=${[
            { label: t('No.'), cell: (r) => html`<a href=${`#/republication/${r.id}`} aria-label=${t('Republication {id}', { id: r.id })}>${r.id}</a>` },
            { label: t('Queue'), cell: (r) => html`<span class="strong">${r.queue}</span>`, class: 'nowrap' },
            { label: t('State'), cell: (r) => html`<${State} of=${r.state} />` },
            { label: t('Done'), cell: (r) => html`<${Progress} value=${r.percent} label=${t('Republication {id}', { id: r.id })} />` },
            { label: '%', num: true, cell: (r) => percent(r.percent), class: 'nowrap' },
            { label: t('Events'), num: true, cell: (r) => `${number(r.processed)} / ${number(r.total)}`, class: 'nowrap' },
            { label: t('Error'), cell: (r) => r.error && html`<span lang=${english()}>${r.error}</span>`, class: 'long' },
            { label: t('Actions'), hidden: true, class: 'act', cell: (r) => !ended(r) && html`<${Cancel} kind="danger small" of=${r} changed=${all.reload} />` },
          ]} />
        <${More} pages=${all} />`}<//>
    <//>
    ${open && html`<${Send} close=${() => setOpen(false)} changed=${all.reload} />`}`;
}

function Send({ close, changed }) {
  const queues = useLoad((signal) => get(NOTIFICATION, '/api/admin/queues', { signal }), []);
  const [form, setForm] = useState({ queue: '', from: '', to: '', aggregateId: '', rate: '', dryRun: true });
  const set = (name) => (value) => setForm({ ...form, [name]: value });
  const submit = async () => {
    const body = {
      queue: form.queue, from: bound(form.from), to: bound(form.to), dryRun: form.dryRun,
      aggregateId: form.aggregateId || undefined, ratePerSecond: form.rate === '' ? undefined : Number(form.rate),
    };
    const { location: path } = await write(COMMAND, 'POST', '/api/admin/republications', body);
    if (form.dryRun) {
      const counted = await get(COMMAND, path);
      say(t('{count} events would be sent.', { count: number(counted.total) }));
    } else say(t('History is on its way to {queue}.', { queue: form.queue }));
    changed();
  };
  return html`
    <${FormDialog} title=${t('Send history')} action=${form.dryRun ? t('Count events') : t('Send')} close=${close} submit=${submit}>
      <div class="fields">
        <${Field} label=${t('Queue')} wide><${Text} value=${form.queue} onChange=${set('queue')} required list="queues" /><//>
        <datalist id="queues">${queues.data?.items.map((q) => html`<option value=${q.queue}></option>`)}</datalist>
        <${Field} label=${t('From')} hint=${t('A position, or a moment such as 2026-01-31T12:00. Empty for the first event.')}><${Text} value=${form.from} onChange=${set('from')} /><//>
        <${Field} label=${t('To')} hint=${t('Empty for the last event.')}><${Text} value=${form.to} onChange=${set('to')} /><//>
        <${Field} label=${t('Aggregate')} hint=${t('Such as order-17; empty for all.')}><${Text} value=${form.aggregateId} onChange=${set('aggregateId')} /><//>
        <${Field} label=${t('Events per second at most')}><${Text} value=${form.rate} onChange=${set('rate')} type="number" min="1" /><//>
        <label class="option wide"><input type="checkbox" checked=${form.dryRun} onChange=${(e) => set('dryRun')(e.target.checked)} /><span>${t('Only count')}<small>${t('Nothing is sent; it says how many events it would be.')}</small></span></label>
      </div>
    <//>`;
}
