// Shortcuts by the place of a key, so that they work in the Russian layout too; silent while typing.
const WINDOW = document.querySelector('#keys');
const SWITCH = document.querySelector('#keys-on');
const STORED = 'kes-keys';
const PLACES = { KeyI: '/', KeyC: '/cases', KeyM: '/meetings', KeyD: '/depository' };
const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), select, textarea, [contenteditable="true"]';
let after = '';

function isOn() {
  return localStorage.getItem(STORED) !== 'off';
}
function rows() {
  return [...document.querySelectorAll('.task[data-row]')];
}
function current() {
  return document.activeElement.closest?.('.task[data-row]') ?? document.querySelector('.task[data-row].chosen');
}
function step(by) {
  const found = rows();
  const next = found[found.indexOf(current()) + by] ?? (current() ? null : found[0]);
  next?.querySelector('a')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
function find() {
  (document.querySelector('#inbox-q') ?? document.querySelector('input[type="search"]'))?.focus();
}
const ACTS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyO: () => current()?.querySelector('a')?.click(),
  KeyX: () => current()?.querySelector('input[type="checkbox"]')?.click(),
  KeyC: () => document.querySelector('form[action^="/tasks/"][action$="/claim"]')?.requestSubmit(),
  Slash: find,
};

function leave(event) {
  if (event.target.matches(TYPING)) {
    event.target.blur();
  } else {
    document.querySelector('[data-close]')?.click();
  }
}
function take(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (WINDOW?.open) return;
  if (event.key === 'Escape') {
    leave(event);
    return;
  }
  if (event.target.matches(TYPING)) return;
  if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) {
    event.preventDefault();
    WINDOW?.showModal();
    return;
  }
  if (!isOn() || event.shiftKey) return;
  if (after === 'g') {
    after = '';
    if (PLACES[event.code]) window.location.assign(PLACES[event.code]);
    return;
  }
  if (event.code === 'KeyG') {
    after = 'g';
    window.setTimeout(() => { after = ''; }, 1500);
    return;
  }
  const act = ACTS[event.code];
  if (act) {
    event.preventDefault();
    act();
  }
}
document.addEventListener('keydown', take);
if (SWITCH) {
  SWITCH.checked = isOn();
  SWITCH.addEventListener('change', () => localStorage.setItem(STORED, SWITCH.checked ? 'on' : 'off'));
}
document.addEventListener('click', (event) => {
  if (event.target.closest('[data-close-keys]')) WINDOW?.close();
  if (event.target.matches?.('[data-select]')) event.target.select();
});
