// The list of tasks: all marked at once, how many are marked, the task beside the list put in place without a new page.
// The parts are put in by htmx; every link and form is a real one and works without it.
const NARROW = window.matchMedia('(max-width: 74.99rem)');
const part = (id) => document.getElementById(id);

function marks() {
  return [...document.querySelectorAll('#bulk input[name="task"]')];
}
function count() {
  const all = part('mark-all');
  if (!all) return;
  const marked = marks().filter((mark) => mark.checked).length;
  const told = document.querySelector('[data-marked]');
  told.textContent = marked ? told.dataset.marked.replace('{count}', marked) : '';
  all.checked = marked > 0 && marked === marks().length;
  all.indeterminate = marked > 0 && !all.checked;
}
document.addEventListener('change', (event) => {
  if (!event.target.closest?.('#bulk')) return;
  if (event.target.id === 'mark-all') for (const mark of marks()) mark.checked = event.target.checked;
  count();
});

// One menu at a time; a click beside it or Esc closes it.
const menus = () => [...document.querySelectorAll('details.menu')];
document.addEventListener('click', (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  const open = menus().find((menu) => menu.open);
  if (event.key !== 'Escape' || !open) return;
  open.open = false;
  open.querySelector('summary').focus();
  event.stopImmediatePropagation();
}, { capture: true });

// The line of the task beside the list is marked; where none stands there any more, the last one has the focus again.
const taskOf = (address) => new URL(address, window.location.href).searchParams.get('task');
let last = taskOf(window.location.href);

function showPane() {
  const task = taskOf(window.location.href);
  let line = null;
  for (const link of document.querySelectorAll('.task .what > a')) {
    const isChosen = task !== null && taskOf(link.href) === task;
    link.closest('.task').classList.toggle('chosen', isChosen);
    if (isChosen) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
    if (taskOf(link.href) === last) line = link;
  }
  last = task ?? last;
  document.querySelector('.panes').classList.remove('arrived');
  const title = part('pane-title');
  if (title && NARROW.matches) window.scrollTo(0, 0);
  (title ?? line)?.focus({ preventScroll: title !== null });
  title?.scrollIntoView({ block: 'nearest' });
}
function showList(isSent) {
  const menu = document.querySelector('.inbox-find details.menu');
  if (!menu.querySelector('[aria-invalid="true"]')) menu.open = false;
  const list = part('inbox-list');
  part('inbox-told').textContent = list.dataset.found;
  // Enter leaves the field: the keys of the list are heard again.
  if (isSent) list.focus({ preventScroll: true });
}
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const id = ctx.target?.id;
  if (!part('inbox-list')) return;
  document.querySelector('main > .notice')?.remove();
  if (id === 'inbox-list') showList(ctx.sourceEvent.type === 'submit');
  else showPane();
  count();
});
// Anything but the page asked for (the session has ended, the task is gone) is shown as the page that it is.
document.addEventListener('htmx:before:swap', (event) => {
  const { raw } = event.detail.ctx.response;
  if (raw.ok && !raw.redirected) return;
  event.preventDefault();
  window.location.assign(event.detail.ctx.request.action);
});
document.addEventListener('htmx:error', () => {
  part('inbox-told').textContent = part('inbox-told').dataset.failed;
});

// After an act the next task stands chosen: in sight, and the keys go on from it.
const chosen = document.querySelector('.task.chosen');
if (chosen && performance.getEntriesByType('navigation')[0]?.type === 'navigate') {
  chosen.scrollIntoView({ block: 'nearest' });
  if (document.querySelector('main > .notice')) chosen.querySelector('.what > a').focus({ preventScroll: true });
}
count();
