// The frame around the pages: signing in, the menu, and which page is shown.
import { html, render, useState, useEffect, useRef } from './dom.js';
import { t, language, setLanguage, LANGUAGES } from './i18n.js';
import { loadConfig, config } from './config.js';
import { session, expired, resume, signIn, signOut, isOperator, isStaff } from './auth.js';
import { store, useStore } from './store.js';
import { chosen, choose } from './theme.js';
import { Button, Icon, Messages, Loading, Failure, Head, complain } from './ui.js';

// windows: from which part of the address on it is of a window over the page
const PAGES = [
  { path: 'overview', title: 'Overview', icon: 'overview', may: isOperator, load: () => import('./pages/overview.js') },
  { path: 'events', title: 'Events', icon: 'events', may: isOperator, load: () => import('./pages/events.js') },
  { path: 'projections', title: 'Projections', icon: 'projections', may: isOperator, load: () => import('./pages/projections.js') },
  { path: 'failures', title: 'Failures', icon: 'failures', may: isOperator, windows: 2, load: () => import('./pages/failures.js') },
  { path: 'mails', title: 'Mails', icon: 'mails', may: isStaff, load: () => import('./pages/mails.js') },
  { path: 'republication', title: 'Republication', icon: 'republication', may: isOperator, load: () => import('./pages/republication.js') },
  { path: 'reconciliation', title: 'Reconciliation', icon: 'reconciliation', may: isOperator, load: () => import('./pages/reconciliation.js') },
  { path: 'audit', title: 'Audit', icon: 'audit', may: isOperator, load: () => import('./pages/audit.js') },
  { path: 'shop', title: 'Shop', icon: 'shop', may: () => true, load: () => import('./pages/shop.js') },
  { path: 'sales', title: 'Sales', icon: 'sales', may: isStaff, load: () => import('./pages/sales.js') },
  { path: 'runbooks', title: 'Runbooks', hidden: true, may: isOperator, load: () => import('./pages/runbooks.js') },
];

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody's own address
  }
}

const route = store(read());
function read() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  return { parts: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(search ?? '') };
}
window.addEventListener('hashchange', () => route.set(read()));

function Preferences() {
  const code = useStore(language);
  const colours = useStore(chosen);
  return html`
    <label class="unseen" for="language">${t('Language')}</label>
    <select id="language" value=${code} onChange=${(e) => setLanguage(e.target.value).catch(complain)}>
      ${LANGUAGES.map(([value, name]) => html`<option value=${value} selected=${value === code} lang=${value}>${name}</option>`)}
    </select>
    <label class="unseen" for="theme">${t('Colours')}</label>
    <select id="theme" value=${colours} onChange=${(e) => choose(e.target.value)}>
      ${[['system', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]].map(([value, name]) => html`<option value=${value} selected=${value === colours}>${name}</option>`)}
    </select>`;
}

const Brand = () => html`<a class="brand" href="#/"><img src="icon.svg" alt="" width="24" height="24" /><span>Eventshop</span></a>`;

function Welcome({ failure }) {
  useStore(language);
  return html`
    <main class="welcome">
      <div class="panel">
        <${Brand} />
        <h1>${t('See the events flow, and keep them flowing')}</h1>
        <p>${t('Orders, projections, replays, failures and mails of this shop.')}</p>
        ${failure && html`<${Failure} error=${failure} />`}
        ${config().issuer
          ? html`<${Button} kind="primary large" id="sign-in" onClick=${() => signIn().catch(complain)}>${t('Sign in')}<//>
                 <p class="hint">${t('You sign in at {issuer}.', { issuer: config().issuer })}</p>`
          : html`<p class="notice bad" role="alert">${t('Nobody can sign in: set eventshop.console.issuer to the address of the issuer of tokens.')}</p>`}
        <div class="preferences"><${Preferences} /></div>
      </div>
    </main>
    <${Messages} />`;
}

function Menu({ current, close }) {
  return html`
    <nav class="menu" aria-label=${t('Pages')}>
      <ul>${PAGES.filter((page) => !page.hidden && page.may()).map((page) => html`
        <li><a href=${'#/' + page.path} aria-current=${page === current ? 'page' : undefined} onClick=${close}>
          <${Icon} name=${page.icon} />${t(page.title)}</a></li>`)}</ul>
    </nav>`;
}

let left = false;

/** What the reader saw is gone, and asks for nothing more, on the way out as well. */
function leave() {
  left = true;
  render(null, document.getElementById('app'));
  signOut();
}

// Browsers keep a page that was left, and the way back leads to it as it was.
window.addEventListener('pageshow', () => left && location.reload());

const NOTHING = {};

/** Whoever comes to a page begins at its heading. */
function useArrival(main, title, depends) {
  useEffect(() => {
    document.title = `${title} · Eventshop`;
    main.current?.querySelector('h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, depends);
}

function Page({ page, at }) {
  const [state, setState] = useState({});
  useEffect(() => {
    let gone = false;
    page.load().then(
      (module) => !gone && setState({ page, View: module.default }),
      (failure) => !gone && setState({ page, failure }),
    );
    return () => (gone = true);
  }, [page]);
  const main = useRef();
  const found = state.page === page ? state : NOTHING;
  useArrival(main, t(page.title), [page, found, at.parts.slice(0, page.windows).join('/')]);
  return html`
    <main id="main" ref=${main} tabindex="-1">
      ${found.failure ? html`<${Head} title=${t(page.title)} /><${Failure} error=${found.failure} />` : found.View ? html`<${found.View} parts=${at.parts.slice(1)} query=${at.query} />` : html`<${Loading} />`}
    </main>`;
}

function Nowhere({ title, at }) {
  const main = useRef();
  useArrival(main, title, [at]);
  return html`<main id="main" ref=${main} tabindex="-1"><${Head} title=${title} lead=${html`<a href="#/">${t('To the first page')}</a>`} /></main>`;
}

function App() {
  useStore(language);
  const at = useStore(route);
  const who = useStore(session);
  const old = useStore(expired);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return undefined;
    const leaveMenu = (e) => {
      if (e.key !== 'Escape') return;
      setOpen(false);
      document.querySelector('.toggle').focus();
    };
    const wide = matchMedia('(min-width: 761px)');
    const hide = () => setOpen(false); // beside the page there is nothing to close
    window.addEventListener('keydown', leaveMenu);
    wide.addEventListener('change', hide);
    return () => {
      window.removeEventListener('keydown', leaveMenu);
      wide.removeEventListener('change', hide);
    };
  }, [open]);
  useEffect(() => setOpen(false), [at, old]); // what is behind the menu is to be seen
  const page = at.parts.length ? PAGES.find((each) => each.path === at.parts[0]) : PAGES.find((each) => each.may());
  return html`
    <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById('main').focus(); }}>${t('Skip to the content')}</a>
    <header class="top">
      <button type="button" class="button plain square toggle" aria-expanded=${open} aria-controls="side" aria-label=${t('Menu')} onClick=${() => setOpen(!open)}><${Icon} name=${open ? 'close' : 'menu'} /></button>
      <${Brand} />
      <div class="who"><${Preferences} />
        <span class="name" title=${who.roles.join(', ')}>${who.subject}</span>
        <${Button} kind="plain" icon="out" onClick=${leave}><span class="wide-only">${t('Sign out')}</span><span class="unseen narrow-only">${t('Sign out')}</span><//>
      </div>
    </header>
    <div class="body">
      <div id="side" class=${open ? 'side open' : 'side'}><${Menu} current=${page} close=${() => setOpen(false)} /></div>
      <div class="content" inert=${open}>
        ${old && html`<div class="notice warn stays" role="alert"><p class="strong">${t('Your session has ended.')}</p>
          <${Button} kind="primary" onClick=${() => signIn().catch(complain)}>${t('Sign in again')}<//></div>`}
        ${page && page.may()
          ? html`<${Page} page=${page} at=${at} />`
          : html`<${Nowhere} at=${at} title=${page ? t('Your role does not allow this page.') : t('There is no such page.')} />`}
      </div>
    </div>
    <${Messages} />`;
}

async function start() {
  const root = document.getElementById('app');
  let failure = null;
  try {
    await loadConfig();
    if (location.hostname === 'localhost' && config().issuer?.startsWith('http://127.0.0.1:')) {
      location.replace(location.href.replace('//localhost', '//127.0.0.1')); // one machine, and two origins to the issuer
      return;
    }
    const how = config().issuer ? await resume() : 'out';
    if (how === 'leaving') return;
    if (how === 'in') {
      root.replaceChildren();
      route.set(read());
      render(html`<${App} />`, root);
      return;
    }
  } catch (thrown) {
    failure = thrown;
  }
  root.replaceChildren();
  render(html`<${Welcome} failure=${failure} />`, root);
}

start();
