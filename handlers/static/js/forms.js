// Forms: parts that an answer hides, people to choose from, conclusions compared. Every form works without this.
import { countSheets } from './sheet.js';

// Parts of a form that an answer hides: data-hide = [[name, value, negated], …]; any of them hides the part.
function valueOf(name) {
  for (const input of document.getElementsByName(name)) {
    if (input.type === 'radio' || input.type === 'checkbox') {
      if (input.checked) return input.value;
    } else {
      return input.value;
    }
  }
  return '';
}
// A question that must be answered first keeps back what depends on it.
function isUnanswered(name) {
  const [first] = document.getElementsByName(name);
  return Boolean(first?.closest('[data-required]')) && valueOf(name) === '';
}
function hideParts() {
  for (const part of document.querySelectorAll('[data-hide]')) {
    const rules = JSON.parse(part.dataset.hide);
    const hidden = rules.some(([name, value, negated]) => isUnanswered(name) || (valueOf(name) === value) !== negated);
    part.hidden = hidden;
    for (const input of part.querySelectorAll('input, select, textarea')) {
      // What the server has closed stays closed.
      input.dataset.closed ??= String(input.disabled);
      input.disabled = hidden || input.dataset.closed === 'true';
    }
  }
}

// How many are chosen, how many are wanted, and whether two of them work at one place.
function countPicked() {
  for (const field of document.querySelectorAll('fieldset:has([data-picked])')) {
    const chosen = [...field.querySelectorAll('input:checked')];
    const count = field.querySelector('[data-picked]');
    if (count.textContent !== String(chosen.length)) count.textContent = chosen.length;
    const wanted = Number(field.dataset.want);
    field.querySelector('.picked').classList.toggle('enough', wanted > 0 && chosen.length === wanted);
    field.querySelector('.picked').classList.toggle('over', wanted > 0 && chosen.length > wanted);
    const places = chosen.map((input) => input.closest('tr')?.dataset.organization).filter(Boolean);
    const same = field.querySelector('[data-same]');
    if (same) same.hidden = new Set(places).size === places.length;
  }
}

// What is chosen for how many keys: votes for, against, abstained, and how many are still open.
function countKeys() {
  for (const counts of document.querySelectorAll('[data-counts]')) {
    const rows = [...counts.closest('fieldset').querySelectorAll('.by-key .check')];
    const values = rows.map((row) => row.querySelector('input:checked')?.value ?? '');
    for (const place of counts.querySelectorAll('[data-count-of]')) {
      const text = String(values.filter((value) => value === place.dataset.countOf).length);
      if (place.textContent !== text) place.textContent = text;
    }
  }
}

function pick(field, wanted) {
  for (const input of field.querySelectorAll('input[type="checkbox"]:not(:disabled)')) input.checked = wanted(input);
  refresh();
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

// People in the order of a column; the same column again turns it round.
function sortPeople(heading) {
  const table = heading.closest('table');
  const down = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of table.querySelectorAll('[data-sort]')) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const key = heading.dataset.sort;
  const isNumber = key === 'load' || key === 'days';
  const compare = (a, b) => (isNumber
    ? Number(a.dataset[key]) - Number(b.dataset[key])
    : (a.dataset[key] || '\uffff').localeCompare(b.dataset[key] || '\uffff', 'ru'));
  const body = table.querySelector('tbody[data-sorted]');
  body.append(...[...body.rows].sort((a, b) => (down ? compare(b, a) : compare(a, b))));
}

// Conclusions row by row: all rows, where they differ, those with a minus.
function filterRows(link) {
  const compare = link.closest('[data-compare]');
  const wanted = link.dataset.rows;
  let shown = 0;
  for (const row of compare.querySelectorAll('tbody tr')) {
    row.hidden = (wanted === 'differ' && !('differs' in row.dataset)) || (wanted === 'minus' && !('minus' in row.dataset));
    if (!row.hidden) shown += 1;
  }
  compare.querySelector('[data-none]').hidden = shown > 0;
  for (const other of compare.querySelectorAll('[data-rows]')) other.removeAttribute('aria-current');
  link.setAttribute('aria-current', 'true');
}

export function refresh() {
  hideParts();
  countSheets();
  countPicked();
  countKeys();
}

document.addEventListener('input', refresh);
document.addEventListener('change', refresh);
document.addEventListener('click', (event) => {
  const suggest = event.target.closest('[data-suggest]');
  const all = event.target.closest('[data-pick-all]');
  const heading = event.target.closest('button.sort')?.closest('[data-sort]');
  const rows = event.target.closest('[data-compare] [data-rows]');
  if (!suggest && !all && !heading && !rows) return;
  event.preventDefault();
  if (suggest) pick(suggest.closest('fieldset'), (input) => 'suggested' in input.dataset);
  if (all) pick(all.closest('fieldset'), () => true);
  if (heading) sortPeople(heading);
  if (rows) filterRows(rows);
});
for (const swapped of ['htmx:after:swap', 'htmx:afterSwap']) document.addEventListener(swapped, refresh);
refresh();
// The field in error has the focus already; where the fault is of no field, the summary takes it.
if (!document.querySelector('[autofocus]')) document.querySelector('.summary')?.focus();
