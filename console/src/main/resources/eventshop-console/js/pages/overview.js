// The way of an event, with what is held up on it.
import { html, useState, useEffect, useMemo } from '../dom.js';
import { t } from '../i18n.js';
import { COMMAND, QUERY, NOTIFICATION, nameOf } from '../api.js';
import { number, rate, duration } from '../format.js';
import { expired } from '../auth.js';
import { telemetry } from '../telemetry.js';
import { useStore } from '../store.js';
import { paused } from '../updates.js';
import { Head, Card, State, Loading, Live, Time, labelOf } from '../ui.js';
import { Chart } from '../chart.js';

// The limits are those of the alerts.
const LONG_BEHIND = 30;
const HELD = 5;
const LONG_QUEUE = 1000;

/** What stands with a service, besides the station that has its name. */
const STATIONS = { [COMMAND]: ['store', 'fulfilment'], [QUERY]: ['projections'], [NOTIFICATION]: ['consumers', 'mails'] };

export default function Overview() {
  const [now, setNow] = useState(telemetry.get());
  useEffect(() => telemetry.watch(setNow), []);
  const stopped = useStore(paused);
  const ended = useStore(expired);
  if (!now) return html`<${Head} title=${t('Overview')} /><${Loading} />`;
  const problems = findProblems(now);
  return html`
    <${Head} title=${t('Overview')} lead=${t('The way of an event, from the command that makes it to the views and emails that it makes.')}>
      <${Live} of=${{ live: !stopped, stopped }} /><span class="faint"><${Time} at=${new Date(now.at).toISOString()} short /></span>
    <//>
    <section class=${`notice ${problems.length ? (problems.some((p) => p.tone === 'bad') ? 'bad' : 'warn') : 'ok'}`} id="health">
      <p class="strong" aria-live="polite">${problems.length === 0 ? t('Everything flows.') : problems.length === 1 ? t('One thing is degraded.') : t('{count} things are degraded.', { count: problems.length })}</p>
      ${problems.length > 0 && html`
          <ul class="problems">${problems.map((p) => html`<li key=${p.text}><span class=${`mark ${p.tone}`} aria-hidden="true"></span><span>${p.text}${p.detail && html` <span class="detail">${p.detail}</span>`}</span><a href=${`#/runbooks/${p.runbook}`}>${t('What to do')}</a></li>`)}</ul>`}
    </section>
    <${Flow} now=${now} problems=${problems} still=${stopped || ended} />
    <div class="columns even"><${Rates} now=${now} /><${Lags} now=${now} /></div>
    <${Services} now=${now} />`;
}

function findProblems(now) {
  const found = [];
  const add = (at, tone, runbook, text, detail) => found.push({ at, tone, runbook, text, detail });
  for (const [service, health] of Object.entries(now.health)) {
    if (health?.status === 'UNREACHABLE' || health?.status === 'DOWN' || health?.status === 'OUT_OF_SERVICE') {
      const database = health.components?.db?.status === 'DOWN';
      add([service, ...STATIONS[service]], 'bad', database ? 'database-away' : 'service-down', database
        ? t('{service} can’t reach PostgreSQL.', { service: nameOf(service) })
        : t('{service} does not answer, or is down.', { service: nameOf(service) }));
    }
  }
  const { forwarder, processors, queues, mails, fulfilment } = now;
  const rabbit = now.health[COMMAND]?.components?.rabbit?.status;
  if (forwarder.error) add('forwarder', 'bad', 'service-down', t('The forwarder can’t be asked.'), forwarder.error.message);
  else if (forwarder.data.broker === 'DOWN' || (rabbit ?? 'UP') !== 'UP') add(['forwarder', 'exchange'], 'bad', 'connection-failures', t('The broker is away: events wait, commands and views go on.'), forwarder.data.error);
  else if (forwarder.data.error) add('forwarder', 'warn', 'forwarder-behind', t('The forwarder gets no further.'), forwarder.data.error);
  else if (forwarder.data.lagSeconds > LONG_BEHIND) add('forwarder', 'warn', 'forwarder-behind', t('Events wait for the broker.'), duration(forwarder.data.lagSeconds));
  if (now.returned > 0) add('forwarder', 'warn', 'messages-returned', t('The broker has sent {count} messages back: no queue takes them.', { count: number(now.returned) }));
  if ((now.health[QUERY]?.components?.redis?.status ?? 'UP') !== 'UP') add(QUERY, 'warn', 'redis-away', t('The cache is away: views are read from the database.'));
  if (now.horizonAge > HELD) add('store', 'warn', 'horizon-held', t('An open transaction holds back all readers of the store.'), duration(now.horizonAge));
  if (fulfilment.stuck > 0) add('fulfilment', 'bad', 'fulfilment-stuck', t('Steps of {count} orders keep failing.', { count: fulfilment.stuck }));
  else if (fulfilment.lag > LONG_BEHIND) add('fulfilment', 'warn', 'fulfilment-behind', t('Orders wait to be confirmed.'), duration(fulfilment.lag));
  if (processors.error) add('projections', 'bad', 'service-down', t('The projections can’t be asked.'), processors.error.message);
  processors.data?.items.forEach((p) => {
    if (p.state === 'ERROR' || p.state === 'STOPPED') add('projections', 'bad', 'projection-stands', t('{projection} gets no further.', { projection: p.projection }), p.error);
    else if (p.lagSeconds > LONG_BEHIND) add('projections', 'warn', 'projection-behind', t('{projection} is behind the store.', { projection: p.projection }), duration(p.lagSeconds));
    if (p.deadLetters > 0) add('projections', 'warn', 'projection-dead-letters', t('{projection} has set {count} events apart.', { projection: p.projection, count: number(p.deadLetters) }));
  });
  if (queues.error) add('queues', 'bad', queues.error.status ? 'queue-unknown' : 'service-down', t('The queues can’t be asked.'), queues.error.message);
  queues.data?.items.forEach((q) => {
    if (q.consumers === 0) add(['queues', 'consumers'], 'bad', 'queue-without-consumer', t('Nobody takes messages from {queue}.', { queue: q.queue }));
    if (q.ready > LONG_QUEUE) add('queues', 'warn', 'queue-long', t('{count} messages wait in {queue}.', { count: number(q.ready), queue: q.queue }));
    if (q.failed > 0) add('queues', 'warn', 'messages-failed', t('{count} messages of {queue} are dead letters.', { count: number(q.failed), queue: q.queue }));
  });
  if (queues.data && queues.data.items.every((q) => q.ready == null)) add('queues', 'warn', 'queue-unknown', t('The broker can’t be asked for its queues.'));
  if ((mails.circuit && mails.circuit !== 'closed') || (now.health[NOTIFICATION]?.components?.mail?.status ?? 'UP') !== 'UP') add('mails', 'bad', 'mail-circuit-open', t('The mail server fails, and is left alone; emails wait.'));
  if (mails.pending > 100) add('mails', 'warn', 'mails-waiting', t('{count} emails wait to be sent.', { count: number(mails.pending) }));
  if (mails.waitingSeconds > LONG_BEHIND) add('mails', 'warn', 'mails-without-recipient', t('{count} emails wait for somebody to be known.', { count: number(mails.waiting) }));
  if (mails.failed > 0) add('mails', 'warn', 'mails-failed', t('{count} emails were given up.', { count: number(mails.failed) }));
  if (mails.uncertain > 0) add('mails', 'warn', 'mails-uncertain', t('It is not known whether {count} emails were sent.', { count: number(mails.uncertain) }));
  return found;
}

function Station({ id, href, title, problems, state, figure, unit, children }) {
  const mine = problems.filter((p) => [p.at].flat().includes(id));
  const tone = mine.some((p) => p.tone === 'bad') ? 'bad' : mine.length ? 'warn' : 'ok';
  return html`
    <div class=${`station ${tone}`} id=${`station-${id}`}>
      <div class="name">${href ? html`<a href=${href}>${title}</a>` : title}${state ?? html`<${State} of=${{ ok: 'UP', warn: 'DEGRADED', bad: 'DOWN' }[tone]} label=${{ ok: t('flows'), warn: t('degraded'), bad: t('stands') }[tone]} />`}</div>
      ${figure !== undefined && html`<div class="figure">${figure} <small>${unit}</small></div>`}
      ${children}
    </div>`;
}

const Way = ({ moving, label }) => html`<div class=${moving ? 'way moving' : 'way'} aria-hidden="true"><span></span><small>${label ?? ''}</small></div>`;

/** @param still whether these are figures of some time ago */
function Flow({ now, problems, still }) {
  const { rates, forwarder, processors, queues, queueRates, mails } = now;
  const moves = (perSecond) => !still && perSecond > 0;
  const moving = moves(rates.appended);
  const list = (rows) => html`<ul class="parts">${rows.map(([name, value, tone]) => html`<li class=${tone ?? ''}><span>${name}</span><span>${value}</span></li>`)}</ul>`;
  const known = Object.values(queueRates);
  const total = (of) => (known.some((q) => of(q) != null) ? known.reduce((sum, q) => sum + (of(q) ?? 0), 0) : null);
  const ofQueues = (labels, values, tone) => html`
    <table class="queues">
      <thead><tr><th scope="col">${t('Queue')}</th>${labels.map((label) => html`<th scope="col" class="num">${label}</th>`)}</tr></thead>
      <tbody>${(queues.data?.items ?? []).map((q) => html`<tr key=${q.queue} class=${tone(q)}><th scope="row">${q.queue.split(/(?<=\.)/).map((part) => html`${part}<wbr />`)}</th>${values(q).map((value) => html`<td class="num">${value}</td>`)}</tr>`)}</tbody>
    </table>`;
  return html`
    <section class="flow" aria-label=${t('The way of an event')}>
      <div class="stack">
        <${Station} id=${COMMAND} title=${t('Commands')} href="#/shop" problems=${problems} figure=${rate(rates.commands)} unit=${t('per second')} />
        <${Station} id="fulfilment" title=${t('Fulfilment')} problems=${problems}>${list([[t('Behind'), duration(now.fulfilment.lag)], [t('Stuck'), number(now.fulfilment.stuck)]])}<//>
      </div>
      <${Way} moving=${moves(rates.commands)} />
      <div class="pillar">
        <${Station} id="store" title=${t('Event store')} href="#/events" problems=${problems} figure=${rate(rates.appended)} unit=${t('per second')}>
          ${list([[t('Events stored'), number(now.counters.appended)], [t('Oldest open transaction'), duration(now.horizonAge)]])}
        <//>
      </div>
      <div class="lanes">
        <div class="lane">
          <${Way} moving=${moving} />
          <${Station} id="projections" title=${t('Projections')} href="#/projections" problems=${problems}>
            ${list((processors.data?.items ?? []).map((p) => [p.projection, p.state === 'RUNNING' ? (p.lagEvents ? t('{count} behind', { count: number(p.lagEvents) }) : t('up to date')) : html`<${State} of=${p.state} />`, p.state === 'ERROR' ? 'bad' : '']))}
          <//>
          <${Way} moving=${moving} />
          <${Station} id=${QUERY} title=${t('Views')} href="#/shop/orders" problems=${problems}>${list([[t('Queries'), now.health[QUERY]?.components?.db?.status === 'DOWN' ? t('not answered') : t('answered')]])}<//>
        </div>
        <div class="lane">
          <${Way} moving=${moves(rates.confirmed)} />
          <div class="stack">
            <${Station} id="forwarder" title=${t('Forwarder')} problems=${problems} figure=${rate(rates.confirmed)} unit=${t('per second')}>
              ${list([[t('Events behind'), number(forwarder.data?.lagEvents)], [t('Last confirmed'), html`<${Time} at=${forwarder.data?.lastConfirmAt} short />`]])}
            <//>
            <${Station} id="exchange" title=${t('Exchange')} problems=${problems} figure=${rate(total((q) => q.into))} unit=${t('per second')}>
              ${list([[t('Queues'), number(queues.data?.items.length)], [t('Returned'), number(now.returned ?? (now.known ? 0 : null))]])}
            <//>
          </div>
          <${Way} moving=${moves(rates.confirmed)} />
          <${Station} id="queues" title=${t('Queues')} href="#/failures/queues" problems=${problems}>
            ${ofQueues([t('waiting'), t('in per second'), t('failed')], (q) => [number(q.ready), rate(queueRates[q.queue]?.into), number(q.failed)], (q) => (q.consumers === 0 ? 'bad' : q.failed > 0 ? 'warn' : ''))}
          <//>
          <${Way} moving=${moves(rates.handled)} />
          <${Station} id="consumers" title=${t('Consumers')} problems=${problems}>
            ${ofQueues([t('consumers'), t('out per second')], (q) => [number(q.consumers), rate(queueRates[q.queue]?.outOf)], (q) => (q.consumers === 0 ? 'bad' : ''))}
          <//>
          <${Way} moving=${moves(rates.mails)} />
          <${Station} id="mails" title=${t('Mails')} href="#/mails" problems=${problems} figure=${rate(rates.mails)} unit=${t('per second')}>
            ${list([[t('To be sent'), number(mails.pending)], [t('Sent'), number(now.counters.mails)], [t('Circuit breaker'), mails.circuit ? t(mails.circuit.replace('_', ' ')) : '–']])}
          <//>
        </div>
      </div>
    </section>
    ${!now.known && html`<p class="hint">${t('Rates are shown where browsers reach the management ports of the services.')}</p>`}`;
}

function Rates({ now }) {
  const points = telemetry.history();
  const data = useMemo(() => [points.map((p) => p.at), points.map((p) => p.appended), points.map((p) => p.mails)], [now.at]);
  return html`
    <${Card} title=${t('Rates of the last hour')}>
      <${Chart} data=${data} format=${(v) => rate(v)} series=${[{ label: t('Events per second'), tone: '--accent' }, { label: t('Mails per second'), tone: '--ok' }]}
        words=${t('Events per second: {events} now. Mails per second: {mails} now.', { events: rate(now.rates.appended), mails: rate(now.rates.mails) })} />
    <//>`;
}

function Lags({ now }) {
  const points = telemetry.history();
  const data = useMemo(() => [points.map((p) => p.at), points.map((p) => p.behind.projections), points.map((p) => p.behind.forwarder)], [now.at]);
  const last = points.at(-1)?.behind;
  return html`
    <${Card} title=${t('Events behind in the last hour')}>
      <${Chart} data=${data} format=${(v) => number(v)} series=${[{ label: t('Last projection'), tone: '--accent' }, { label: t('Forwarder'), tone: '--ok' }]}
        words=${t('The last projection is {projections} events behind now, the forwarder {forwarder}.', { projections: number(last?.projections), forwarder: number(last?.forwarder) })} />
    <//>`;
}

function Services({ now }) {
  return html`
    <${Card} title=${t('Services')}>
      <ul class="parts roomy">${Object.entries(now.health).map(([service, health]) => html`
        <li><span class="strong">${nameOf(service)}</span>
          <span class="chips">${health == null ? html`<span class="faint">${t('not known')}</span>` : Object.entries(health.components ?? { '': health }).filter(([name]) => !['ping', 'ssl', 'livenessState', 'readinessState', 'diskSpace'].includes(name))
            .map(([name, component]) => html`<${State} of=${component.status} label=${component.status === 'UP' ? name : `${name}: ${labelOf(component.status)}`} />`)}</span></li>`)}</ul>
    <//>`;
}
