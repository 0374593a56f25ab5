// The ledger of emails, and each as it was rendered.
import { html, useState, useEffect, useRef } from '../dom.js';
import { t } from '../i18n.js';
import { NOTIFICATION, get, write, query, useLoad, usePages, useFilters } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, More, Confirmed, ShowPersonal, Field, Text, Choice, State, Time, Facts, Empty, Tabs, labelOf } from '../ui.js';

const KINDS = { WELCOME: 'Welcome', ORDER_CONFIRMATION: 'Order confirmation', ORDER_STATUS: 'Order status', ORDER_COMPLETED: 'Order completed', ORDER_CANCELLED: 'Order cancelled' };
const STATUSES = ['PENDING', 'WAITING_FOR_RECIPIENT', 'SENT', 'UNCERTAIN', 'FAILED', 'SUPPRESSED'];

export default function Mails({ parts, query: search }) {
  return parts[0] ? html`<${Mail} key=${parts[0]} id=${parts[0]} as=${parts[1] ?? 'html'} />` : html`<${Ledger} search=${search} />`;
}

function Ledger({ search }) {
  const { chosen, typed, set } = useFilters('#/mails', search, ['kind', 'status', 'userId', 'orderId']);
  const setNumber = (name) => (value) => set(name)(value.replace(/\D/g, ''));
  const mails = usePages(NOTIFICATION, '/api/notifications' + query(chosen), [], { every: 4000 });
  return html`
    <${Head} title=${t('Mails')} lead=${t('Every email that an event has caused, once each.')} />
    <div class="filters">
      <${Field} label=${t('Kind')}><${Choice} value=${typed.kind} onChange=${set('kind')} options=${[['', t('All')], ...Object.entries(KINDS).map(([code, name]) => [code, t(name)])]} /><//>
      <${Field} label=${t('Status')}><${Choice} value=${typed.status} onChange=${set('status')} options=${[['', t('All')], ...STATUSES.map((s) => [s, labelOf(s)])]} /><//>
      <${Field} label=${t('Order number')}><${Text} value=${typed.orderId} onChange=${setNumber('orderId')} inputmode="numeric" /><//>
      <${Field} label=${t('User number')}><${Text} value=${typed.userId} onChange=${setNumber('userId')} inputmode="numeric" /><//>
    </div>
    <${Card} flush>
      <${Loaded} of=${mails}>${(data) => html`
        <${Table} label=${t('Mails')} rows=${data.items} id=${(m) => m.notificationId}
          empty=${html`<${Empty} title=${t('No emails.')}>${Object.values(chosen).some(Boolean) ? t('None is like that; choose less.') : html`<a href="#/shop">${t('Place an order, and its emails are here a moment later.')}</a>`}<//>`}
          columns=${[
            { label: t('Subject'), cell: (m) => html`<a href=${`#/mails/${m.notificationId}`}>${m.subject ?? t(KINDS[m.kind])}</a>`, class: 'long' },
            { label: t('Kind'), cell: (m) => t(KINDS[m.kind] ?? m.kind), class: 'nowrap' },
            { label: t('Recipient'), cell: (m) => (m.userId == null ? html`<span class="faint">–</span>` : html`<a href=${`#/shop/users/${m.userId}`}>${t('User {id}', { id: m.userId })}</a>`), class: 'nowrap' },
            { label: t('Status'), cell: (m) => html`<${State} of=${m.status} />` },
            { label: t('Attempts'), num: true, cell: (m) => number(m.attempts) },
            { label: t('Recorded'), cell: (m) => html`<${Time} at=${m.createdAt} />`, class: 'nowrap' },
          ]} />
        <${More} pages=${mails} />`}<//>
    <//>`;
}

function Mail({ id, as }) {
  const [personal, setPersonal] = useState(false);
  const masked = useLoad((signal) => get(NOTIFICATION, `/api/notifications/${id}?personalData=false`, { signal }), [id], { every: 4000 });
  const whole = useLoad(async (signal) => (personal ? get(NOTIFICATION, `/api/notifications/${id}?personalData=true`, { signal }) : null), [id, personal]);
  const known = masked.data;
  // Each look at personal data is audited, so that is not what renews itself.
  const reload = () => Promise.all([masked.reload(), whole.error && whole.reload()]);
  const mail = { ...masked, reload, error: whole.error ?? masked.error, data: known && whole.data ? { ...whole.data, status: known.status, attempts: known.attempts, error: known.error, sentAt: known.sentAt } : known };
  return html`
    <${Head} title=${known ? mail.data.subject ?? t(KINDS[known.kind]) : t('Email')} lead=${html`<a href="#/mails">${t('All mails')}</a>`}>
      ${!personal && known?.recipient != null && html`<${ShowPersonal} show=${() => setPersonal(true)} />`}
      ${['FAILED', 'UNCERTAIN'].includes(known?.status) && html`<${Confirmed} kind="primary" title=${t('Send again')} text=${known.status === 'UNCERTAIN' ? t('The mail server may have taken it already; the recipient may get it twice.') : t('It is handed to the mail server again.')}
          run=${async () => { await write(NOTIFICATION, 'POST', `/api/notifications/${id}/retry`); masked.reload(); }} done=${t('It is on its way.')}>${t('Send again')}<//>`}
    <//>
    <${Loaded} of=${mail}>${(m) => html`
      <${Card}>
        <${Facts} of=${[
          [t('Status'), html`<${State} of=${m.status} />`],
          [t('Recipient'), m.recipient],
          [t('Kind'), t(KINDS[m.kind] ?? m.kind)],
          [t('Attempts'), m.attempts],
          [t('Recorded'), html`<${Time} at=${m.createdAt} />`],
          [t('Sent'), html`<${Time} at=${m.sentAt} />`],
          m.userId != null && [t('User'), html`<a href=${`#/shop/users/${m.userId}`}>${t('User {id}', { id: m.userId })}</a>`],
          m.orderId != null && [t('Order'), html`<a href=${`#/shop/orders/${m.orderId}`}>${t('Order {id}', { id: m.orderId })}</a>`],
        ]} />
        ${m.error && html`<p></p><div class="notice bad"><p class="strong">${t('Why it failed last')}</p><p>${m.error}</p></div>`}
      <//>
      ${m.html == null && m.text == null
        ? html`<${Card}><${Empty} title=${t('There is no text to show.')}>${t('It is written when the recipient is known, and gone once the person is erased.')}<//><//>`
        : html`
          <${Tabs} label=${t('Forms')} current=${`#/mails/${id}/${as}`} tabs=${[[`#/mails/${id}/html`, t('As rendered')], [`#/mails/${id}/text`, t('As text')], [`#/mails/${id}/headers`, t('Headers')]]} />
          <${Card}>${FORMS[as]?.(m) ?? FORMS.html(m)}<//>`}`}<//>`;
}

const FORMS = {
  html: (m) => html`<${Rendered} text=${m.html} title=${m.subject} />`,
  text: (m) => html`<pre class="code tall" tabindex="0">${m.text}</pre>`,
  headers: (m) => m.headers
    ? html`<${Facts} of=${Object.entries(m.headers).map(([name, value]) => [name, html`<code>${value}</code>`])} />`
    : html`<${Empty} title=${t('There are no headers to show.')}>${t('They are there when the recipient is known, and gone once the person is erased.')}<//>`,
};

/** In a frame without an origin: it can call nobody, and loads nothing. */
function Rendered({ text, title }) {
  const frame = useRef();
  const ready = useRef(false);
  const latest = useRef(text);
  latest.current = text;
  const show = () => ready.current && frame.current.contentWindow.postMessage(latest.current, '*');
  useEffect(() => {
    const hear = (message) => {
      if (message.source !== frame.current?.contentWindow || message.data !== 'mail-frame-ready') return;
      ready.current = true;
      show();
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, []);
  useEffect(() => { show(); }, [text]);
  return html`<iframe ref=${frame} class="mail" title=${t('Email: {subject}', { subject: title ?? '' })} src="mail.html" sandbox="allow-scripts"></iframe>`;
}
