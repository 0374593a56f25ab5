// Who did what to whom, from where, when, and with what outcome: each service has an audit of its own.
import { html, useEffect, useRef } from '../dom.js';
import { t } from '../i18n.js';
import { COMMAND, QUERY, NOTIFICATION, nameOf, get, query, useLoad, useFilters, instant } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, Button, Action, Field, Text, Choice, State, Time, Empty, Failure, labelOf } from '../ui.js';

const SERVICES = [COMMAND, QUERY, NOTIFICATION];
const OUTCOMES = ['BEGUN', 'DONE', 'REFUSED', 'FAILED'];
const FILTERS = ['service', 'actor', 'target', 'outcome', 'from', 'to'];
const PAGE = 50;
const LARGEST_PAGE = 200;

/** @returns what one service has of it, or why it can't be asked */
async function entriesOf(service, parameters, wanted, signal) {
  const items = [];
  let cursor = null;
  try {
    do {
      const page = await get(service, '/api/admin/audit' + query({ ...parameters, limit: Math.min(LARGEST_PAGE, wanted - items.length), cursor }), { signal });
      items.push(...page.items.map((item) => ({ ...item, service })));
      cursor = page.nextCursor;
    } while (cursor && items.length < wanted);
    return { service, items, more: cursor != null };
  } catch (error) {
    signal.throwIfAborted();
    return { service, items: [], more: false, error };
  }
}

const newestFirst = (a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.service === b.service ? b.id - a.id : a.service < b.service ? -1 : 1);

/** Nothing older than the last that is known of a service with more: there may be something in between. */
function merged(parts) {
  const known = Math.max(...parts.filter((part) => part.more).map((part) => Date.parse(part.items[part.items.length - 1].at)), 0);
  return {
    items: parts.flatMap((part) => part.items).filter((item) => Date.parse(item.at) >= known).sort(newestFirst),
    more: parts.some((part) => part.more),
    failures: parts.filter((part) => part.error),
  };
}

export default function Audit({ query: search }) {
  const { chosen, typed, set, apply } = useFilters('#/audit', search, FILTERS, { typing: 0 });
  const asked = JSON.stringify(chosen);
  const wanted = useRef(PAGE);
  useEffect(() => { wanted.current = PAGE; }, [asked]);
  const trail = useLoad(async (signal) => {
    const { service, from, to, ...rest } = chosen;
    const parameters = { ...rest, from: from && instant(from), to: to && instant(to) };
    return merged(await Promise.all((service ? [service] : SERVICES).map((each) => entriesOf(each, parameters, wanted.current, signal))));
  }, [asked]);
  const submit = (e) => {
    e.preventDefault();
    if (JSON.stringify(typed) === asked) trail.reload();
    else apply();
  };
  return html`
    <${Head} title=${t('Audit')} lead=${t('Who did what, from where, and how it ended. What was begun is written down before it is done.')}>
      <${Button} icon="refresh" onClick=${trail.reload}>${t('Refresh')}<//>
    <//>
    <form class="filters" onSubmit=${submit}>
      <${Field} label=${t('Who')}><${Text} value=${typed.actor} onChange=${set('actor')} placeholder="operator" /><//>
      <${Field} label=${t('Path begins with')}><${Text} value=${typed.target} onChange=${set('target')} placeholder="/api/admin/replays" /><//>
      <${Field} label=${t('Outcome')}><${Choice} value=${typed.outcome} onChange=${set('outcome')} options=${[['', t('All')], ...OUTCOMES.map((outcome) => [outcome, labelOf(outcome)])]} /><//>
      <${Field} label=${t('Service')}><${Choice} value=${typed.service} onChange=${set('service')} options=${[['', t('All')], ...SERVICES.map((service) => [service, nameOf(service)])]} /><//>
      <${Field} label=${t('From')}><${Text} value=${typed.from} onChange=${set('from')} placeholder="2026-01-31T12:00" /><//>
      <${Field} label=${t('To')}><${Text} value=${typed.to} onChange=${set('to')} placeholder="2026-01-31T12:00" /><//>
      <${Button} type="submit">${t('Search')}<//>
    </form>
    <${Loaded} of=${trail}>${(data) => html`
      ${data.failures.map((part) => html`<${Failure} key=${part.service} error=${part.error} retry=${trail.reload} />`)}
      <${Card} flush>
        <${Table} label=${t('Audit')} rows=${data.items} id=${(e) => `${e.service} ${e.id}`}
          empty=${html`<${Empty} title=${t('No entries.')}>${FILTERS.some((name) => chosen[name]) ? t('None is like that; choose less.') : t('What operators change, erasures, looks at personal data and refusals are written down here.')}<//>`}
          columns=${[
            { label: t('Time'), cell: (e) => html`<${Time} at=${e.at} />`, class: 'nowrap' },
            { label: t('Who'), cell: (e) => html`${e.actor ? html`<a href=${'#/audit' + query({ actor: e.actor })}>${e.actor}</a>` : html`<span class="faint">${t('nobody known')}</span>`}<div class="faint">${e.roles.join(', ')}</div>`, class: 'long' },
            { label: t('What'), cell: (e) => html`<span class="strong">${e.action}</span><div class="faint">${e.target}</div>`, class: 'long' },
            { label: t('Outcome'), cell: (e) => html`<${State} of=${e.outcome} label=${e.status ? `${labelOf(e.outcome)} · ${e.status}` : undefined} />`, class: 'nowrap' },
            { label: t('Times'), num: true, cell: (e) => number(e.times) },
            { label: t('Address'), cell: (e) => e.address ?? html`<span class="faint">–</span>`, class: 'nowrap' },
            { label: t('Service'), cell: (e) => nameOf(e.service), class: 'nowrap' },
          ]} />
        ${data.more && html`<p class="more"><${Action} run=${() => { wanted.current += PAGE; return trail.reload(); }}>${t('Show more')}<//></p>`}
      <//>`}<//>`;
}
