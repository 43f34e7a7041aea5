// The list of tasks: all marked at once, how many are marked, the list's place kept while tasks are opened beside it.
const form = document.querySelector('#bulk');
const all = document.querySelector('#mark-all');
const told = document.querySelector('[data-marked]');

function marks() {
  return [...form.querySelectorAll('input[name="task"]')];
}
function count() {
  const marked = marks().filter((mark) => mark.checked).length;
  told.textContent = marked ? told.dataset.marked.replace('{count}', marked) : '';
  all.checked = marked > 0 && marked === marks().length;
  all.indeterminate = marked > 0 && !all.checked;
}
if (form && all) {
  all.addEventListener('change', () => {
    for (const mark of marks()) mark.checked = all.checked;
    count();
  });
  form.addEventListener('change', count);
  count();
}

// One menu at a time; a click beside it or Esc closes it.
const menus = [...document.querySelectorAll('details.menu')];
document.addEventListener('click', (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  const open = menus.find((menu) => menu.open);
  if (event.key !== 'Escape' || !open) return;
  open.open = false;
  open.querySelector('summary').focus();
  event.stopImmediatePropagation();
}, { capture: true });

// A task opened beside the list is a new page: it begins where the list was.
const key = 'kes-inbox-place';
const chosen = document.querySelector('.task.chosen');
const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
if (chosen && kept && performance.getEntriesByType('navigation')[0]?.type === 'navigate') {
  window.scrollTo(0, kept.top);
  chosen.scrollIntoView({ block: 'nearest' });
}
document.addEventListener('click', (event) => {
  if (event.target.closest?.('.task a, [data-close]')) {
    sessionStorage.setItem(key, JSON.stringify({ top: window.scrollY }));
  } else {
    sessionStorage.removeItem(key);
  }
});
