// What the services tell of themselves, asked for every few seconds, and what it was in the last hour.
import { COMMAND, QUERY, NOTIFICATION, get, health, metrics } from './api.js';
import { expired } from './auth.js';
import { store } from './store.js';
import { paused, renews } from './updates.js';

const EVERY = 3000;

/** Rates take two answers. */
const FIRST = 800;
const KEPT = 3600_000;

/** A service that hangs is one that does not answer. */
const PATIENCE = 5000;

const now = store(null);
let history = []; // {at, appended, mails, behind: {projections, forwarder}}
let watchers = 0;
let timer = null;
let round = 0;
let previous = null;

const sum = (samples, name, labels = {}) => {
  if (!samples) return null;
  const found = samples.filter((s) => s.name === name && Object.entries(labels).every(([k, v]) => s.labels[k] === v));
  return found.length ? found.reduce((total, s) => total + s.value, 0) : null;
};

/** As long as the alert looks back. */
const LATELY = 300_000;
const returns = [];
let returnedBefore = null;

/** @returns how many came back since then, or since the page was loaded; a counter that fell has begun anew */
function lately(at, count) {
  const before = returnedBefore ?? count;
  returns.push({ at, more: count < before ? count : count - before });
  returnedBefore = count;
  while (returns[0].at < at - LATELY) returns.shift();
  return returns.reduce((sum, each) => sum + each.more, 0);
}

let waitingSince = null;

/** @returns for how many seconds somebody has waited, as far as it was looked at */
function waitingFor(at, count) {
  waitingSince = count > 0 ? waitingSince ?? at : null;
  return waitingSince == null ? 0 : (at - waitingSince) / 1000;
}

const attempt = (promise) => promise.then((data) => ({ data }), (error) => ({ error }));

const most = (values) => (values?.length ? Math.max(...values) : null);

/** What a service has kept that does not answer. */
const SILENT = { at: [], items: [] };

/** Between two answers that are further apart, something is missing. */
const HOLE = 3 * EVERY / 1000;

/**
 * What the services have kept of the last hour, for the time in which nobody has asked: each in samples, at the same moments.
 *
 * @returns whether all services have answered
 */
async function recall() {
  const signal = AbortSignal.timeout(PATIENCE);
  const kept = new Map(await Promise.all([COMMAND, QUERY, NOTIFICATION].map(async (service) =>
    [service, await get(service, '/api/admin/recent-metrics', { signal }).catch(() => SILENT)])));
  const moments = [...new Set([...kept.values()].flatMap(({ at }) => at))].sort();
  const all = ![...kept.values()].includes(SILENT);
  if (!moments.length) return all;
  /** @param take makes one value of all series of a meter at a sample */
  const values = (service, meter, take, labels = {}) => {
    const { at, items } = kept.get(service);
    const series = items.filter((s) => s.meter === meter && Object.entries(labels).every(([k, v]) => s.labels[k] === v)).map((s) => s.values);
    return new Map(at.map((moment, i) => [moment, take(series, i, at)]));
  };
  const largest = (series, i) => most(series.map((s) => s[i]).filter((v) => v != null));
  const perSecond = (series, i, at) => {
    const steps = series.filter((s) => s[i] != null && s[i - 1] != null).map((s) => Math.max(0, s[i] - s[i - 1]));
    return steps.length && at[i] > at[i - 1] ? (steps.reduce((total, step) => total + step, 0) / (Date.parse(at[i]) - Date.parse(at[i - 1]))) * 1000 : null;
  };
  const appended = values(COMMAND, 'eventshop.eventstore.head', perSecond);
  const mails = values(NOTIFICATION, 'eventshop.notifications.outcome', perSecond, { status: 'sent' });
  const projections = values(QUERY, 'eventshop.projection.lag.events', largest);
  const forwarder = values(COMMAND, 'eventshop.forwarder.lag.events', largest);
  const recalled = moments.map((at) => ({
    at: Date.parse(at) / 1000,
    appended: appended.get(at) ?? null,
    mails: mails.get(at) ?? null,
    behind: { projections: projections.get(at) ?? null, forwarder: forwarder.get(at) ?? null },
  }));
  const newest = history.at(-1)?.at ?? Date.now() / 1000; // the services' clocks may be ahead of the browser's
  const known = history.map(({ at }) => at);
  const missing = ({ at }) => {
    const next = known.findIndex((each) => each >= at);
    return at < newest && known[next] !== at && (next <= 0 || known[next] - known[next - 1] > HOLE);
  };
  history = [...history, ...recalled.filter(missing)].sort((a, b) => a.at - b.at);
  return all;
}

/** @returns whether nobody has asked for a while; then the line ends where that began */
function isBehind() {
  const last = history.at(-1);
  if (!last || Date.now() / 1000 - last.at <= HOLE) return false;
  waitingSince = null; // nobody knows
  history.push({ at: last.at + 1, appended: null, mails: null, behind: { projections: null, forwarder: null } });
  return true;
}

async function ask() {
  const signal = AbortSignal.timeout(PATIENCE);
  const [forwarder, processors, queues, ...rest] = await Promise.all([
    attempt(get(COMMAND, '/api/admin/forwarder', { signal })),
    attempt(get(QUERY, '/api/admin/processors', { signal })),
    attempt(get(NOTIFICATION, '/api/admin/queues', { signal })),
    ...[COMMAND, QUERY, NOTIFICATION].map((service) => health(service, signal)),
    ...[COMMAND, NOTIFICATION].map((service) => metrics(service, signal)),
  ]);
  const [commandHealth, queryHealth, notificationHealth, command, notification] = rest;
  const at = Date.now();
  const counters = {
    commands: sum(command, 'eventshop_commands_seconds_count'),
    appended: sum(command, 'eventshop_eventstore_head'),
    confirmed: sum(command, 'eventshop_forwarder_messages_total'),
    handled: sum(notification, 'eventshop_messaging_handled_seconds_count'),
    mails: sum(notification, 'eventshop_notifications_outcome_total', { status: 'sent' }),
  };
  // What was not counted yet is 0 as soon as there is a service that counts.
  const counted = (samples, ...which) => samples && (sum(samples, ...which) ?? 0);
  const names = queues.data?.items.map((each) => each.queue) ?? [];
  names.forEach((queue) => {
    counters[`into ${queue}`] = counted(command, 'eventshop_messaging_confirmed_total', { routing_key: queue });
    counters[`out of ${queue}`] = counted(notification, 'eventshop_messaging_handled_seconds_count', { queue });
  });
  const rates = {};
  for (const [name, value] of Object.entries(counters)) {
    const before = previous?.counters[name];
    rates[name] = value == null || before == null || value < before ? null : ((value - before) / (at - previous.at)) * 1000;
  }
  previous = { at, counters };
  history.push({
    at: at / 1000,
    appended: rates.appended,
    mails: rates.mails,
    behind: { projections: most(processors.data?.items.map((p) => p.lagEvents)), forwarder: forwarder.data?.lagEvents ?? null },
  });
  while (history.length && history[0].at * 1000 < at - KEPT) history.shift();
  const open = (status) => sum(notification, 'eventshop_notifications_open', { status });
  now.set({
    at,
    forwarder,
    processors,
    queues,
    health: { [COMMAND]: commandHealth, [QUERY]: queryHealth, [NOTIFICATION]: notificationHealth },
    rates,
    counters,
    /** Messages per second: what the broker tells, or else what the services have counted. */
    queueRates: Object.fromEntries(queues.data?.items.map(({ queue, inPerSecond, outPerSecond }) =>
      [queue, { into: inPerSecond ?? rates[`into ${queue}`], outOf: outPerSecond ?? rates[`out of ${queue}`] }]) ?? []),
    horizonAge: sum(command, 'eventshop_eventstore_horizon_age_seconds'),
    fulfilment: { lag: sum(command, 'eventshop_fulfilment_lag_seconds'), stuck: sum(command, 'eventshop_fulfilment_stuck') },
    returned: command && lately(at, sum(command, 'eventshop_messaging_returned_total') ?? 0),
    mails: {
      pending: open('pending'), waiting: open('waiting_for_recipient'), uncertain: open('uncertain'), failed: open('failed'),
      waitingSeconds: waitingFor(at, open('waiting_for_recipient')),
      circuit: ['open', 'half_open', 'closed'].find((state) => sum(notification, 'eventshop_notifications_circuit', { state }) === 1),
    },
    known: command != null,
  });
}

export const telemetry = {
  get: now.get,
  history: () => history,
  /** Asks for as long as somebody watches. */
  watch(watcher) {
    const ends = [now.watch(watcher), renews()];
    if (watchers++ === 0) {
      const mine = ++round;
      let asked = 0;
      let unknown = true;
      const again = async () => {
        if (document.visibilityState === 'visible' && !expired.get() && !(paused.get() && now.get())) {
          unknown = isBehind() || unknown;
          await ask().catch(() => {});
          if (unknown) { // the next answer has it drawn
            unknown = false;
            recall().then((all) => { unknown ||= !all; }, () => { unknown = true; });
          }
        }
        if (watchers && mine === round) timer = setTimeout(again, asked++ ? EVERY : FIRST);
      };
      again();
    }
    return () => {
      ends.forEach((end) => end());
      if (--watchers === 0) clearTimeout(timer);
    };
  },
};
