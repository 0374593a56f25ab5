// The runbooks, where they are needed. They are Markdown of a simple kind.
import { html } from '../dom.js';
import { t } from '../i18n.js';
import { useLoad } from '../api.js';
import { Head, Card, Loaded } from '../ui.js';

export default function Runbook({ parts }) {
  const name = /^[\w-]+$/.test(parts[0] ?? '') ? parts[0] : 'README';
  const page = useLoad(async (signal) => {
    const answer = await fetch(`runbooks/${name}.md`, { signal });
    if (!answer.ok) throw new Error(t('There is no such runbook.'));
    return parse(await answer.text());
  }, [name]);
  const title = page.data ? html`<span lang="en">${page.data.title}</span>` : t('Runbooks');
  return html`
    <${Head} title=${title} lead=${name === 'README' ? null : html`<a href="#/runbooks">${t('All runbooks')}</a>`} />
    <${Loaded} of=${page}>${({ blocks }) => html`
    <${Card}><div class="prose" lang="en">${blocks.map(block)}</div><//>`}<//>`;
}

function parse(text) {
  const [first, ...rest] = text.trim().split(/\n{2,}/);
  const blocks = rest.flatMap((part) => {
    const lines = part.split('\n');
    if (/^#+ /.test(part)) return [{ kind: 'title', text: part.replace(/^#+ /, '') }];
    if (part.startsWith('```')) return [{ kind: 'code', text: lines.slice(1, -1).join('\n') }];
    if (part.startsWith('|')) return [{ kind: 'table', rows: lines.filter((l) => !/^\|[-|]+$/.test(l)).map((l) => l.slice(1, -1).split('|').map((c) => c.trim())) }];
    if (/^(\d+\.|-) /.test(part)) {
      const items = [];
      for (const line of lines) {
        if (/^(\d+\.|-) /.test(line)) items.push(line.replace(/^(\d+\.|-) /, ''));
        else items[items.length - 1] += ' ' + line.trim();
      }
      return [{ kind: /^\d/.test(part) ? 'steps' : 'list', items }];
    }
    return [{ kind: 'text', text: lines.join(' ') }];
  });
  return { title: first.replace(/^# /, '').replaceAll('`', ''), blocks };
}

function block(it) {
  switch (it.kind) {
    case 'title': return html`<h2>${inline(it.text)}</h2>`;
    case 'code': return html`<pre class="code" tabindex="0">${it.text}</pre>`;
    case 'steps': return html`<ol>${it.items.map((i) => html`<li>${inline(i)}</li>`)}</ol>`;
    case 'list': return html`<ul>${it.items.map((i) => html`<li>${inline(i)}</li>`)}</ul>`;
    case 'table': return html`<div class="scroll" tabindex="0" role="region" aria-label=${it.rows[0].filter(Boolean).join(', ')}><table><tbody>${it.rows.slice(1).map((r) => html`<tr>${r.map((c) => html`<td>${inline(c)}</td>`)}</tr>`)}</tbody></table></div>`;
    default: return html`<p>${inline(it.text)}</p>`;
  }
}

/** Links go to other runbooks; those to files that are not here are their words. */
function inline(text) {
  return text.split(/(`[^`]+`|\[[^\]]+\]\([^)]+\)|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.startsWith('**')) return html`<strong>${part.slice(2, -2)}</strong>`;
    const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part);
    if (!link) return part;
    const runbook = /^([\w-]+)\.md$/.exec(link[2]);
    return runbook ? html`<a href=${`#/runbooks/${runbook[1]}`}>${inline(link[1])}</a>` : inline(link[1]);
  });
}
