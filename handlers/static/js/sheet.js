// A sheet of marks: counted, put in another order and marked from the keyboard while one fills it in. What passes and
// what it comes to stands in the page, told by the server; nothing is decided here.

function standingOf(row) {
  const chosen = row.querySelector('.signs input:checked');
  if (!chosen) return 'blank';
  return chosen.parentElement.classList.contains('passes') ? 'met' : 'unmet';
}
function rowsOf(sheet) {
  return [...sheet.querySelectorAll('tr[data-row]')];
}
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
function share(part, whole) {
  const hundredths = whole ? Math.floor((20000 * part + whole) / (2 * whole)) : 0;
  return `${Math.floor(hundredths / 100)},${String(hundredths % 100).padStart(2, '0')}`;
}

// The outcome that no further mark can change, else nothing: outcomes stand by the number of rows that count.
function outcomeOf(sheet, count) {
  const outcomes = sheet.dataset.outcomes.split(' ').filter(Boolean);
  const least = count[sheet.dataset.count];
  const possible = new Set(outcomes.slice(least, least + count.blank + 1));
  return possible.size === 1 ? [...possible][0] : '';
}

function showCount(form, count, rows) {
  const figures = { ...count, marked: count.met + count.unmet, share: share(count.met, rows) };
  for (const place of form.querySelectorAll('[data-tally]')) write(place, String(figures[place.dataset.tally]));
  for (const left of form.querySelectorAll('[data-left]')) left.hidden = count.blank === 0;
  for (const gauge of form.querySelectorAll('.sheet-head .gauge')) {
    gauge.querySelector('.met').setAttribute('width', count.met);
    gauge.querySelector('.unmet').setAttribute('x', count.met);
    gauge.querySelector('.unmet').setAttribute('width', count.unmet);
  }
}

// The verdict that all marks suggest is chosen until the person chooses one.
function suggestVerdict(form, outcome, isComplete) {
  const verdict = form.querySelector('[data-verdict]');
  if (!verdict || (verdict.querySelector('input:checked') && !('byScore' in verdict.dataset))) return;
  for (const input of verdict.querySelectorAll('input:not(:disabled)')) {
    input.checked = isComplete && input.value === outcome;
  }
  verdict.dataset.byScore = '';
}

// The verdict that the marks suggest, and whether the one chosen goes against it: then its reason is wanted.
function holdVerdict(form, outcome) {
  for (const place of form.querySelectorAll('[data-outcome]')) place.hidden = place.dataset.outcome !== outcome;
  for (const place of form.querySelectorAll('[data-suggests]')) place.hidden = place.dataset.suggests !== outcome;
  const chosen = form.querySelector('[data-verdict] input:checked')?.value ?? '';
  const against = chosen !== '' && outcome !== '' && chosen !== outcome;
  for (const note of form.querySelectorAll('[data-against]')) {
    note.hidden = !against;
    note.closest('[data-reason]').querySelector('textarea').required = against;
  }
}

export function countSheets() {
  for (const sheet of document.querySelectorAll('[data-sheet]')) {
    const rows = rowsOf(sheet);
    const count = { met: 0, unmet: 0, blank: 0 };
    for (const row of rows) count[standingOf(row)] += 1;
    const form = sheet.closest('form') ?? sheet;
    showCount(form, count, rows.length);
    const outcome = outcomeOf(sheet, count);
    suggestVerdict(form, outcome, count.blank === 0);
    holdVerdict(form, outcome);
  }
}

// As in the form, what failed first, or what is not marked alone. Rows move as they are: nothing typed is lost.
function arrange(sheet, order) {
  const kept = document.activeElement;
  const rows = rowsOf(sheet).sort((a, b) => a.dataset.place - b.dataset.place);
  for (const row of rows) {
    const standing = standingOf(row);
    const band = order === 'defects' ? standing : row.dataset.home;
    sheet.querySelector(`tbody[data-band="${band}"]`).append(row);
    row.hidden = order === 'blank' && standing !== 'blank' && !row.classList.contains('wrong');
  }
  for (const body of sheet.querySelectorAll('tbody')) body.hidden = !body.querySelector('tr[data-row]:not([hidden])');
  for (const button of sheet.querySelectorAll('[data-order]')) {
    const chosen = button.dataset.order === order;
    if (button.tagName === 'BUTTON') button.setAttribute('aria-pressed', chosen);
    else if (chosen) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
  const asked = sheet.querySelector('input[name="order"]');
  if (asked) asked.value = order;
  if (sheet.contains(kept)) kept.focus();
}

const SIGNS = { '+': '+', '=': '+', '-': '-', '−': '-', '_': '-' };

function markByKey(event) {
  const row = event.target.closest('tr[data-row]');
  const sign = SIGNS[event.key];
  if (!row || !sign || event.target.type !== 'radio' || event.ctrlKey || event.altKey || event.metaKey) return;
  const input = row.querySelector(`.signs input[value="${CSS.escape(sign)}"]:not(:disabled)`);
  if (!input) return;
  event.preventDefault();
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const comment = row.querySelector('textarea');
  if (standingOf(row) === 'unmet' && comment && comment.value.trim() === '') {
    comment.focus();
    return;
  }
  const rows = [...row.closest('table').querySelectorAll('tr[data-row]:not([hidden])')];
  const next = rows[rows.indexOf(row) + 1];
  (next?.querySelector('.signs input:checked') ?? next?.querySelector('.signs input') ?? input).focus();
}

document.addEventListener('keydown', markByKey);
// Before the count follows: what a person has chosen is theirs.
function keepVerdict(event) {
  const verdict = event.target.closest?.('[data-verdict]');
  if (verdict) delete verdict.dataset.byScore;
}
for (const told of ['input', 'change']) document.addEventListener(told, keepVerdict, { capture: true });
document.addEventListener('click', (event) => {
  const button = event.target.closest('.orders [data-order]');
  const sheet = button?.closest('[data-sheet]');
  if (!sheet) return;
  event.preventDefault();
  arrange(sheet, button.dataset.order);
});
