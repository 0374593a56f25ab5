// What was sold, day by day.
import { html, useMemo } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, get, query, useLoad, useFilters } from '../api.js';
import { money, number, day } from '../format.js';
import { Head, Card, Table, Loaded, Field, Choice, Empty } from '../ui.js';
import { Chart } from '../chart.js';

const DAY = 86400;
const PERIODS = ['7', '30', '90', '365'];

export default function Sales({ query: search }) {
  const { chosen, typed, set } = useFilters('#/sales', search, ['days']);
  const days = PERIODS.includes(chosen.days) ? chosen.days : '30';
  const from = new Date(Math.floor(Date.now() / 1000 / DAY) * DAY * 1000 - (Number(days) - 1) * DAY * 1000).toISOString().slice(0, 10);
  const sales = useLoad((signal) => get(QUERY, '/api/statistics/sales' + query({ from, bucket: 'day' }), { signal }), [from], { every: 5000 });
  return html`
    <${Head} title=${t('Sales')} lead=${t('By the day of placing, in UTC; cancelled orders are taken out again.')} />
    <div class="filters"><${Field} label=${t('Period')}><${Choice} value=${typed.days || '30'} onChange=${set('days')} options=${[['7', t('7 days')], ['30', t('30 days')], ['90', t('90 days')], ['365', t('A year')]]} /><//></div>
    <${Loaded} of=${sales}>${(data) => html`<${Figures} key=${days} data=${data} from=${from} days=${Number(days)} />`}<//>`;
}

function Figures({ data, from, days }) {
  const total = (name) => data.buckets.reduce((sum, b) => sum + b[name], 0);
  const series = useMemo(() => {
    const first = Date.parse(from) / 1000;
    const at = Array.from({ length: days }, (_, i) => first + i * DAY);
    const revenue = new Map(data.buckets.map((b) => [Date.parse(b.from) / 1000, b.revenue]));
    return [at, at.map((time) => revenue.get(time) ?? null)];
  }, [data, from, days]);
  if (!data.buckets.length) return html`<${Card}><${Empty} title=${t('Nothing was sold in that time.')}><a href="#/shop/products">${t('Place an order')}</a><//><//>`;
  return html`
    <dl class="tiles">
      <div class="tile"><dt>${t('Revenue')}</dt><dd>${money(total('revenue'))}</dd></div>
      <div class="tile"><dt>${t('Orders')}</dt><dd>${number(total('orders'))}</dd></div>
      <div class="tile"><dt>${t('Units')}</dt><dd>${number(total('items'))}</dd></div>
    </dl>
    <${Card} title=${t('Revenue per day')}>
      <${Chart} days data=${series} format=${(v) => number(v)} series=${[{ label: t('Revenue'), tone: '--accent', bars: true }]} words=${t('Revenue per day; the figures are in the table below.')} />
    <//>
    <div class="columns even">
      <${Card} title=${t('Days')} flush><${Table} label=${t('Days')} rows=${[...data.buckets].reverse()} id=${(b) => b.from} columns=${[
        { label: t('Day'), cell: (b) => day(b.from) }, { label: t('Orders'), num: true, cell: (b) => number(b.orders) }, { label: t('Units'), num: true, cell: (b) => number(b.items) }, { label: t('Revenue'), num: true, cell: (b) => money(b.revenue) },
      ]} /><//>
      <${Card} title=${t('Best sellers')} flush><${Table} label=${t('Best sellers')} rows=${data.bestSellers} id=${(b) => b.productId} columns=${[
        { label: t('Product'), cell: (b) => html`<a href=${`#/shop/products/${b.productId}`}>${b.productName}</a>` }, { label: t('Units'), num: true, cell: (b) => number(b.quantity) }, { label: t('Revenue'), num: true, cell: (b) => money(b.revenue) },
      ]} /><//>
    </div>`;
}
