// Is every stored event confirmed by the broker, and in every view?
import { html } from '../dom.js';
import { t } from '../i18n.js';
import { COMMAND, QUERY, get, useLoad } from '../api.js';
import { number } from '../format.js';
import { Head, Card, Table, Loaded, Button, State, Time, Facts } from '../ui.js';

export default function Reconciliation() {
  const confirmed = useLoad((signal) => get(COMMAND, '/api/admin/reconciliation', { signal }), []);
  const projected = useLoad((signal) => get(QUERY, '/api/admin/reconciliation', { signal }), []);
  const verdict = (same) => html`<${State} of=${same ? 'UP' : 'DEGRADED'} label=${same ? t('complete') : t('differs')} />`;
  return html`
    <${Head} title=${t('Reconciliation')} lead=${t('Counts what is stored against what the broker has confirmed and what the views have.')}>
      <${Button} icon="refresh" onClick=${() => { confirmed.reload(); projected.reload(); }}>${t('Count again')}<//>
    <//>
    <div class="columns even">
      <${Card} title=${t('Stored and confirmed by the broker')} flush>
        <${Loaded} of=${confirmed}>${(data) => html`
          <${Table} label=${t('Stored and confirmed by the broker')} rows=${data.types} id=${(r) => r.type} columns=${[
            { label: t('Event'), cell: (r) => r.type },
            { label: t('Stored'), num: true, cell: (r) => number(r.stored) },
            { label: t('Confirmed'), num: true, cell: (r) => number(r.confirmed) },
            { label: t('State'), cell: (r) => verdict(r.stored === r.confirmed) },
          ]} />
          <div class="foot">${data.firstDifference
            ? html`<p class="strong">${t('The first that is not confirmed')}</p><${Facts} of=${[[t('Event'), data.firstDifference.type], [t('Aggregate'), html`<a href=${`#/events/${data.firstDifference.aggregateId}`}>${data.firstDifference.aggregateId}</a>`], [t('Position'), html`<code>${data.firstDifference.position}</code>`], [t('Time'), html`<${Time} at=${data.firstDifference.time} />`]]} /><p><a href="#/runbooks/forwarder-behind">${t('What to do')}</a></p>`
            : html`<p>${t('Nothing is missing up to position {position}.', { position: data.position })}</p>`}</div>`}<//>
      <//>
      <${Card} title=${t('Stored and in the views')} flush>
        <${Loaded} of=${projected}>${(data) => html`
          <${Table} label=${t('Stored and in the views')} rows=${data.projections} id=${(r) => r.projection} columns=${[
            { label: t('Projection'), cell: (r) => html`<a href=${`#/projections/${r.projection}`}>${r.projection}</a>`, class: 'nowrap' },
            { label: t('Stored'), num: true, cell: (r) => number(r.stored) },
            { label: t('In the view'), num: true, cell: (r) => number(r.projected) },
            { label: t('Events behind'), num: true, cell: (r) => number(r.lagEvents) },
            { label: t('State'), cell: (r) => verdict(r.stored === r.projected) },
          ]} />
          <div class="foot">${data.firstDifference
            ? html`<p class="strong">${t('The first that differs')}</p><${Facts} of=${[[t('Projection'), data.firstDifference.projection], [t('Aggregate'), html`<a href=${`#/events/${data.firstDifference.aggregateId}`}>${data.firstDifference.aggregateId}</a>`], [t('Stored'), number(data.firstDifference.stored)], [t('In the view'), number(data.firstDifference.projected)]]} />
              <p>${t('What is only behind comes by itself. If it stays, build the view again.')} <a href=${`#/projections/${data.firstDifference.projection}`}>${t('To the projection')}</a> <a href="#/runbooks/projection-behind">${t('What to do')}</a></p>`
            : html`<p>${t('Nothing is missing up to position {position}.', { position: data.position })}</p>`}</div>`}<//>
      <//>
    </div>`;
}
