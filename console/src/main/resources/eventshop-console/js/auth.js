// Authorization code with PKCE (RFC 7636). The token is in this variable and nowhere else: a page that is loaded again
// asks the issuer again, which still knows who is logged in.
import { store } from './store.js';
import { config } from './config.js';
import { t } from './i18n.js';

const PENDING = 'eventshop.signing-in';
const WAS_SIGNED_IN = 'eventshop.was-signed-in';

let token = null;
let idToken = null;
let endSession = null;
let expiry = 0;

/** null, or {subject, roles}. */
export const session = store(null);
/** Whether the token has run out under an open page. */
export const expired = store(false);

export const bearer = () => (token ? { Authorization: `Bearer ${token}` } : {});
export const has = (role) => session.get()?.roles.includes(role) ?? false;
export const isOperator = () => has('operator');
export const isStaff = () => has('staff') || has('operator');

const page = () => location.origin + location.pathname.replace(/index\.html$/, '');
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function discover() {
  const { issuer } = config();
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).catch(() => {
    throw new Error(t('{service} does not answer. It may be stopped, or starting.', { service: issuer }));
  });
  if (!answer.ok) {
    throw new Error(t('{service} answered with {status}.', { service: issuer, status: answer.status }));
  }
  const found = await answer.json();
  if (found.issuer !== issuer) {
    throw new Error(t('{issuer} calls itself {name}.', { issuer, name: found.issuer }));
  }
  endSession = found.end_session_endpoint ?? null;
  return found;
}

/**
 * Leaves the page, and comes back to where the reader is.
 *
 * @param unseen nobody has asked for it: the way back does not lead through it
 */
export async function signIn({ unseen } = {}) {
  if (!window.isSecureContext) {
    throw new Error(t('Browsers let nobody sign in here: open the console by HTTPS, or as 127.0.0.1 on its own machine.'));
  }
  const found = await discover();
  const verifier = random();
  const state = random();
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, hash: location.hash }));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: config().clientId,
    redirect_uri: page(),
    scope: config().scope,
    state,
    code_challenge: base64url(challenge),
    code_challenge_method: 'S256',
  });
  location[unseen ? 'replace' : 'assign'](`${found.authorization_endpoint}?${query}`);
}

/** @returns 'in', 'out' (nobody has asked to be signed in), or 'leaving' */
export async function resume() {
  const answer = new URLSearchParams(location.search);
  if (answer.has('code') || answer.has('error')) {
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null');
    const asked = pending && pending.state === answer.get('state'); // anybody can make a link with an answer
    history.replaceState(null, '', page() + (asked ? pending.hash ?? '' : location.hash));
    if (asked) {
      sessionStorage.removeItem(PENDING);
      if (answer.has('error')) {
        throw new Error(answer.get('error_description') ?? answer.get('error'));
      }
      await exchange(answer.get('code'), pending.verifier);
      return 'in';
    }
  }
  if (sessionStorage.getItem(WAS_SIGNED_IN)) {
    sessionStorage.removeItem(WAS_SIGNED_IN); // once: an issuer that sends people back at once would do so for ever
    await signIn({ unseen: true });
    return 'leaving';
  }
  return 'out';
}

async function exchange(code, verifier) {
  const found = await discover();
  const answer = await fetch(found.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: config().clientId,
      redirect_uri: page(),
      code,
      code_verifier: verifier,
    }),
  }).catch(() => {
    const { issuer } = config();
    throw new Error(t('{issuer} gives this page no token. It may be stopped, or it does not know {origin} as a web origin.', { issuer, origin: location.origin }));
  });
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(body.error_description ?? body.error ?? String(answer.status));
  }
  const claims = payload(body.access_token);
  token = body.access_token;
  idToken = body.id_token ?? null;
  expiry = Date.now() + (body.expires_in ?? 300) * 1000;
  sessionStorage.setItem(WAS_SIGNED_IN, '1');
  session.set({ subject: claims.preferred_username ?? claims.sub, roles: Array.isArray(claims.roles) ? claims.roles : [] });
  setTimeout(() => expired.set(true), Math.min(expiry - Date.now(), 2 ** 31 - 1));
}

function payload(jwt) {
  const text = atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
}

export function signOut() {
  const hint = idToken;
  token = null;
  idToken = null;
  sessionStorage.removeItem(WAS_SIGNED_IN);
  if (endSession && hint) {
    location.assign(`${endSession}?${new URLSearchParams({
      id_token_hint: hint,
      client_id: config().clientId,
      post_logout_redirect_uri: page(),
    })}`);
  } else {
    location.replace(page());
  }
}
