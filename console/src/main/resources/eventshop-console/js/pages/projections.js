// Read models: where each stands, and rebuilding them.
import { html, useState } from '../dom.js';
import { t } from '../i18n.js';
import { QUERY, get, write, useLoad, usePages, useStream, bound } from '../api.js';
import { number, percent, duration, rate } from '../format.js';
import { Head, Card, Table, Loaded, More, Button, Confirmed, Field, Text, FormDialog, State, Time, Progress, Facts, Empty, Failure, Live, Loading, say, english } from '../ui.js';

const ended = (replay) => ['COMPLETED', 'CANCELLED', 'FAILED'].includes(replay.state);
const MODES = { SIDE_BY_SIDE: 'side by side', IN_PLACE: 'in place' };

export default function Projections({ parts }) {
  if (parts[0] === 'replays') return html`<${Replay} key=${parts[1]} id=${parts[1]} />`;
  return html`<${All} chosen=${parts[0]} />`;
}

function All({ chosen }) {
  const processors = useLoad((signal) => get(QUERY, '/api/admin/processors', { signal }), [], { every: 2000 });
  const replays = usePages(QUERY, '/api/admin/replays', [], { every: 3000, size: 20 });
  const [start, setStart] = useState(null);
  return html`
    <${Head} title=${t('Projections')} lead=${t('Each view is made from the events alone, and can be made again at any time.')} />
    <${Card} flush>
      <${Loaded} of=${processors}>${(data) => html`
        <${Table} label=${t('Projections')} rows=${data.items} id=${(p) => p.projection} selected=${(p) => p.projection === chosen} columns=${[
          { label: t('Projection'), cell: (p) => html`<a class="strong" href=${`#/projections/${p.projection}`}>${p.projection}</a>`, class: 'nowrap' },
          { label: t('State'), cell: (p) => html`<${State} of=${p.state} />` },
          { label: t('Events behind'), num: true, cell: (p) => number(p.lagEvents) },
          { label: t('Behind'), num: true, cell: (p) => duration(p.lagSeconds) },
          { label: t('Position'), cell: (p) => html`<code>${p.position}</code>`, class: 'nowrap' },
          { label: t('Segments'), num: true, cell: (p) => p.segments.length },
          { label: t('Set apart'), num: true, cell: (p) => (p.deadLetters ? html`<a href=${`#/failures/projections?projection=${p.projection}`}>${number(p.deadLetters)}</a>` : 0) },
          { label: t('Actions'), hidden: true, class: 'act', cell: (p) => html`<${Button} kind="small" icon="refresh" aria-label=${t('Replay {projection}', { projection: p.projection })} onClick=${() => setStart(p.projection)}>${t('Replay')}<//>` },
        ]} />`}<//>
    <//>
    ${processors.data?.items.filter((p) => p.error).map((p) => html`<div class="notice bad"><p class="strong">${p.projection}</p><p>${p.error}</p><p><a href="#/runbooks/projection-stands">${t('What to do')}</a></p></div>`)}
    ${chosen && html`<${Segments} of=${processors.data?.items.find((p) => p.projection === chosen)} name=${chosen} />`}
    ${processors.data && html`<${Generations} of=${processors.data.items.filter((p) => !chosen || p.projection === chosen)} />`}
    <${Card} title=${t('Replays')} flush>
      <${Loaded} of=${replays}>${(data) => html`
        <${Table} label=${t('Replays')} rows=${chosen ? data.items.filter((r) => r.projection === chosen) : data.items} id=${(r) => r.id}
          empty=${chosen && data.more ? html`<${Empty} title=${t('None of the newest replays is of this projection.')}>${t('“Show more” looks further back.')}<//>` : html`<${Empty} title=${t('Nothing was replayed yet.')}>${t('“Replay” rebuilds a view from all events; readers notice nothing.')}<//>`}
          columns=${[
            { label: t('Replay'), cell: (r) => html`<a href=${`#/projections/replays/${r.id}`}>${t('Replay {id}', { id: r.id })}</a>`, class: 'nowrap' },
            { label: t('Projection'), cell: (r) => r.projection, class: 'nowrap' },
            { label: t('Mode'), cell: (r) => t(MODES[r.mode]), class: 'nowrap' },
            { label: t('State'), cell: (r) => html`<${State} of=${r.state} />` },
            { label: t('Done'), cell: (r) => html`<${Progress} value=${r.percent} label=${t('Replay {id}', { id: r.id })} />` },
            { label: '%', num: true, cell: (r) => percent(r.percent), class: 'nowrap' },
            { label: t('Events'), num: true, cell: (r) => number(r.processed) },
            { label: t('Started'), cell: (r) => html`<${Time} at=${r.startedAt} />`, class: 'nowrap' },
            { label: t('By'), cell: (r) => r.startedBy ?? t('the system') },
          ]} />
        <${More} pages=${replays} />`}<//>
    <//>
    ${start && html`<${Start} projection=${start} close=${() => setStart(null)} />`}`;
}

/** Each projection has two sets of tables: readers see one, and a replay side by side fills the other. */
function Generations({ of: processors }) {
  const rows = processors.flatMap((p) => p.generations.map((g) => ({ ...g, projection: p.projection })));
  return html`
    <${Card} title=${t('Generations')} flush>
      <${Table} label=${t('Generations')} rows=${rows} id=${(g) => `${g.projection} ${g.slot}`} columns=${[
        { label: t('Projection'), cell: (g) => g.projection, class: 'nowrap' },
        { label: t('Generation'), num: true, cell: (g) => number(g.number) },
        { label: t('State'), cell: (g) => html`<${State} of=${g.state} />` },
        { label: t('Tables'), cell: (g) => g.tables.map((table) => html`<code>${table}</code> `), class: 'long' },
        { label: t('Version'), num: true, cell: (g) => number(g.version) },
        { label: t('Replay'), cell: (g) => (g.replay ? html`<a href=${`#/projections/replays/${g.replay}`}>${t('Replay {id}', { id: g.replay })}</a>` : html`<span class="faint">–</span>`), class: 'nowrap' },
      ]} />
    <//>`;
}

function Segments({ of: processor, name }) {
  if (!processor) return null;
  return html`
    <${Card} title=${t('Segments of {projection}', { projection: name })} flush actions=${html`<a href="#/projections">${t('All projections')}</a>`}>
      <${Table} label=${t('Segments')} rows=${processor.segments} id=${(s) => s.id} columns=${[
        { label: t('Segment'), cell: (s) => s.id },
        { label: t('Position'), cell: (s) => html`<code>${s.position}</code>` },
        { label: t('Instance'), cell: (s) => (s.owner ? html`<code>${s.owner}</code>` : html`<${State} of="STOPPED" label=${t('nobody')} />`) },
      ]} />
    <//>`;
}

function Start({ projection, close }) {
  const [mode, setMode] = useState('SIDE_BY_SIDE');
  const [from, setFrom] = useState('');
  const submit = async () => {
    const { location: path } = await write(QUERY, 'POST', '/api/admin/replays', { projection, mode, from: mode === 'IN_PLACE' ? bound(from) : undefined });
    say(t('The replay is on its way.'));
    window.location.hash = `#/projections/replays/${path.split('/').pop()}`;
  };
  const option = (value, title, text) => html`
    <label class="option"><input type="radio" name="mode" value=${value} checked=${mode === value} onChange=${() => setMode(value)} /><span>${title}<small>${text}</small></span></label>`;
  return html`
    <${FormDialog} title=${t('Replay {projection}', { projection })} action=${t('Start')} close=${close} submit=${submit}>
      <fieldset><legend>${t('How')}</legend>
        ${option('SIDE_BY_SIDE', t('Side by side'), t('A second view is built while readers see the present one; then it takes its place at once.'))}
        ${option('IN_PLACE', t('In place'), t('The view is emptied and filled again. Until it is through, readers see a part of it.'))}
      </fieldset>
      ${mode === 'IN_PLACE' && html`<${Field} label=${t('From')} hint=${t('A position, or a moment such as 2026-01-31T12:00: only what has changed since then is made anew. Empty for all. A view whose rows many orders share refuses it, and says so.')}><${Text} value=${from} onChange=${setFrom} /><//>`}
    <//>`;
}

function Replay({ id }) {
  const stream = useStream(QUERY, `/api/admin/replays/${id}/stream`, { until: ended });
  const [throttle, setThrottle] = useState(false);
  const replay = stream.data;
  const title = t('Replay {id}', { id });
  const back = html`<a href="#/projections">${t('All projections')}</a>`;
  if (!replay) return html`<${Head} title=${title} lead=${back} />${stream.error ? html`<${Failure} error=${stream.error} />` : html`<${Loading} of=${stream} />`}`;
  return html`
    <${Head} title=${title} lead=${back}>
      ${!ended(replay) && replay.mode === 'SIDE_BY_SIDE' && html`<${Button} onClick=${() => setThrottle(true)}>${t('Throttle')}<//>`}
      ${!ended(replay) && html`<${Confirmed} kind="danger" title=${t('Cancel the replay')} text=${replay.mode === 'SIDE_BY_SIDE' ? t('The view that readers see stays as it was.') : t('Once the view has been emptied, this is refused: it has to be filled again.')} done=${t('Cancelled.')}
          run=${() => write(QUERY, 'DELETE', `/api/admin/replays/${id}`)}>${t('Cancel the replay')}<//>`}
    <//>
    <${Card} title=${replay.projection} actions=${ended(replay) ? html`<${State} of=${replay.state} />` : html`<${Live} of=${stream} /><${State} of=${replay.state} />`}>
      ${stream.ended && html`<${Failure} error=${stream.error} />`}
      <div class="big"><span id="replay-percent" aria-live="polite">${percent(replay.percent)}</span></div>
      <${Progress} value=${replay.percent} label=${title} />
      <p></p>
      <${Facts} of=${[
        [t('Events'), `${number(replay.processed)} / ${number(replay.total)}`],
        [t('Events per second'), rate(replay.eventsPerSecond)],
        replay.ratePerSecond && [t('Events per second at most'), number(replay.ratePerSecond)],
        [t('Remaining'), ended(replay) ? '–' : duration(replay.remainingSeconds)],
        [t('Mode'), t(MODES[replay.mode])],
        replay.from && [t('From'), html`<code>${replay.from}</code>`],
        [t('Started'), html`<${Time} at=${replay.startedAt} />`],
        [t('Finished'), html`<${Time} at=${replay.finishedAt} />`],
        [t('By'), replay.startedBy ?? t('the system')],
      ]} />
      ${replay.error && html`<p></p><div class="notice bad" role="alert"><p class="strong" lang=${english()}>${replay.error}</p>
        ${replay.state === 'FAILED' && html`<p>${replay.mode === 'SIDE_BY_SIDE'
          ? t('Readers see the view as it was. When the reason is gone, start it again.')
          : t('The view may lack something. When the reason is gone, start it again.')}</p>`}<p><a href="#/runbooks/projection-stands">${t('What to do')}</a></p></div>`}
    <//>
    ${throttle && html`<${Throttle} id=${id} bound=${replay.ratePerSecond} close=${() => setThrottle(false)} />`}`;
}

function Throttle({ id, bound: now, close }) {
  const [most, setMost] = useState(now == null ? '' : String(now));
  const submit = async () => {
    await write(QUERY, 'PATCH', `/api/admin/replays/${id}`, { ratePerSecond: most === '' ? null : Number(most) });
    say(most === '' ? t('The replay runs as fast as it can.') : t('The replay is throttled.'));
  };
  return html`
    <${FormDialog} title=${t('Throttle')} action=${t('Apply')} close=${close} submit=${submit}>
      <${Field} label=${t('Events per second at most')} hint=${t('Empty for as fast as it can.')}><${Text} value=${most} onChange=${setMost} type="number" min="1" step="1" /><//>
    <//>`;
}
