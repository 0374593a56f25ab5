// Lines and bars over time.
import { html, useState, useEffect, useRef } from './dom.js';
import { t, locale, language } from './i18n.js';
import { theme } from './theme.js';
import { useStore } from './store.js';
import { Button } from './ui.js';

let loading = null;
/** The library is a script of the old kind: it is loaded by the first page that draws. */
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'lib/uplot.js';
    script.onload = () => resolve(window.uPlot);
    script.onerror = () => {
      loading = null; // the next one asks again
      script.remove();
      reject(new Error(script.src));
    };
    document.head.append(script);
  });
  return loading;
}

const SHORTEST = 120;
const now = () => Date.now() / 1000;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param data   [seconds, values, ...]
 * @param series [{label, tone, bars}]
 * @param words  what a reader who does not see it is told
 * @param days   for days of the shop, which are those of UTC; others are seconds, in the reader's zone
 * @param dated  for labels with the day and the hour
 */
export function Chart({ data, series, words, height = 180, format = (v) => v, days, dated }) {
  const element = useRef();
  const plot = useRef(null);
  const latest = useRef(data);
  latest.current = data;
  const [attempt, setAttempt] = useState({ number: 1 });
  const drawn = [useStore(language), useStore(theme)].join(' ');
  useEffect(() => {
    let gone = false;
    let watcher = null;
    library().then((UPlot) => {
      if (gone) return;
      const axis = { stroke: colour('--faint'), font: `12px ${colour('--sans')}`, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
      const clock = new Intl.DateTimeFormat(locale(), days ? { month: 'short', day: 'numeric', timeZone: 'UTC' } : dated ? { month: 'short', day: 'numeric', hour: '2-digit' } : { hour: '2-digit', minute: '2-digit', second: '2-digit' });
      plot.current = new UPlot({
        width: element.current.clientWidth || 300,
        height,
        ...(days ? { tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
        ...(dated ? { padding: [null, 40, null, null] } : {}), // room for the last label
        legend: { show: false },
        cursor: { show: false },
        scales: {
          ...(days || dated ? {} : { x: { range: (u, from, to) => [Math.min(from ?? now() - SHORTEST, (to ?? now()) - SHORTEST), to ?? now()] } }),
          y: { range: (u, low, high) => [0, Math.max(high ?? 0, 1) * 1.15] },
        },
        axes: [
          { ...axis, values: (u, splits) => splits.map((s) => clock.format(new Date(s * 1000))), space: dated ? 130 : 90 },
          { ...axis, values: (u, splits) => splits.map(format), size: 56 },
        ],
        series: [{}, ...series.map(({ label, tone, bars }) => ({
          label, stroke: colour(tone), width: 2, spanGaps: false, points: { show: false },
          ...(bars ? { fill: colour(tone), paths: UPlot.paths.bars({ size: [0.6, 60] }) } : {}),
        }))],
      }, latest.current, element.current);
      watcher = new ResizeObserver(() => plot.current?.setSize({ width: element.current.clientWidth, height }));
      watcher.observe(element.current);
    }, () => gone || setAttempt((now) => ({ ...now, failed: true })));
    return () => {
      gone = true;
      watcher?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [attempt.number, drawn]);
  useEffect(() => plot.current?.setData(data), [data]);
  return html`
    <figure class="chart" role="img" aria-label=${words}>
      <div class="legend" aria-hidden="true">${series.map((s) => html`<span class=${'key ' + s.tone.slice(2)}>${s.label}</span>`)}</div>
      <div ref=${element}></div>
    </figure>
    ${attempt.failed && html`<p class="hint" role="status">${t('The chart could not be loaded.')} <${Button} kind="small" icon="refresh" onClick=${() => setAttempt({ number: attempt.number + 1 })}>${t('Try again')}<//></p>`}`;
}
