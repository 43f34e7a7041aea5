// Saves a task's form while it is being filled in. Nothing is kept in the browser: what is typed may be personal data.
//
// form[data-draft]   the address that takes the draft; data-saved, data-saving, data-failed, data-ended, data-enter: words
// A pause saves; leaving the page sends what is left. Without a connection it says so and tries again. Where the session
// has ended, a button sends the form as a page: the sign-in page carries what was typed, and gives it back.
const PAUSE = 1500;
const LONGEST_WAIT = 15000;
const AGAIN = 10000;
const states = new WeakMap();

function stateOf(form) {
  if (!states.has(form)) {
    const output = document.createElement('span');
    output.className = 'draft-state';
    output.setAttribute('role', 'status');
    (form.querySelector('footer') ?? form).append(output);
    states.set(form, { output, timer: 0, since: 0, version: 0, kept: 0, sending: false, closed: false });
  }
  return states.get(form);
}

function tell(form, words, failed = false) {
  const { output } = stateOf(form);
  output.textContent = words;
  output.classList.toggle('failed', failed);
}

function body(form) {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') typed.append(name, value);
  typed.delete('idempotency_key');
  return typed;
}

function request(form, keepalive = false) {
  return fetch(form.dataset.draft, {
    method: 'POST', body: body(form), headers: { 'X-KES-Draft': '1' }, credentials: 'same-origin', keepalive,
  });
}

function plan(form, wait = PAUSE) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  const now = Date.now();
  state.since ||= now;
  state.timer = setTimeout(() => save(form), Math.max(0, Math.min(wait, state.since + LONGEST_WAIT - now)));
}

// The session is over, or this page is older than it: the form goes as a page, which loses nothing.
function offerToGoOn(form, title) {
  const state = stateOf(form);
  state.closed = true;
  tell(form, `${title} `, true);
  const button = document.createElement('button');
  button.className = 'button small';
  button.formAction = form.dataset.draft;
  button.textContent = form.dataset.enter;
  state.output.append(button);
}

async function save(form) {
  const state = stateOf(form);
  if (state.sending || state.closed || state.version === state.kept) return;
  const version = state.version;
  state.sending = true;
  state.since = 0;
  tell(form, form.dataset.saving);
  try {
    const answer = await request(form);
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      state.kept = version;
      tell(form, `${form.dataset.saved} ${told.saved_at ?? ''}`);
    } else if (answer.status === 401 || answer.status === 403) {
      offerToGoOn(form, answer.status === 401 ? form.dataset.ended : (told.title ?? ''));
    } else if (answer.status === 409 || answer.status === 404 || answer.status === 422) {
      state.closed = true;
      tell(form, told.title ?? '', true);
    } else throw new Error(String(answer.status));
  } catch {
    tell(form, form.dataset.failed, true);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), AGAIN);
  } finally {
    state.sending = false;
  }
  if (!state.closed && state.version !== version) plan(form);
}

function typed(event) {
  const form = event.target.closest?.('form[data-draft]');
  if (!form || !event.target.name) return;
  stateOf(form).version += 1;
  plan(form);
}

function unsaved() {
  return [...document.querySelectorAll('form[data-draft]')].filter((form) => {
    const state = states.get(form);
    return state && !state.closed && state.version !== state.kept;
  });
}

document.addEventListener('input', typed);
document.addEventListener('change', typed);
document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-draft]')) return;
  const state = stateOf(event.target);
  clearTimeout(state.timer);
  state.closed = true;
});
// Another part of the page takes the form's place: what is left goes at once.
document.addEventListener('htmx:before:swap', () => unsaved().forEach((form) => save(form)));
window.addEventListener('online', () => unsaved().forEach((form) => save(form)));
// Shown again from the browser's memory, after a sent form did not arrive.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form[data-draft]').forEach((form) => { stateOf(form).closed = false; });
});
window.addEventListener('pagehide', () => {
  for (const form of unsaved()) {
    const state = states.get(form);
    state.kept = state.version;
    request(form, true).catch(() => {});
  }
});
