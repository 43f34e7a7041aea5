// A step of an application: saved while typing, its rows edited in place, the plan summed. Without this script every
// button sends the form and the server does the same.
const PAUSE = 1500;
const RETRY = 8000;

// --- Saved while typing. Saves go one after another; a sent form waits for the one under way.
const form = document.querySelector('form[data-autosave]');
const told = form?.querySelector('[data-told]');
let timer = 0;
let running = null;
let isDirty = false;
let isLeaving = false;

function tell(text, isTrouble = false) {
  told.textContent = text;
  told.classList.toggle('trouble', isTrouble);
}
function contents() {
  const data = new FormData(form);
  data.set('do', 'autosave');
  return data;
}
function plan(after) {
  clearTimeout(timer);
  timer = setTimeout(save, after);
}
async function save() {
  clearTimeout(timer);
  if (!isDirty || running) return;
  isDirty = false;
  tell(form.dataset.saving);
  running = send();
  await running;
  running = null;
  if (isDirty && !isLeaving) plan(PAUSE);
}
async function send() {
  try {
    const answer = await fetch(form.action, { method: 'POST', body: contents(), headers: { Accept: 'application/json' } });
    const isTold = answer.headers.get('Content-Type')?.startsWith('application/json');
    if (answer.redirected || answer.status === 401 || answer.status === 403) {
      isDirty = true;
      tell(form.dataset.signedOut, true);
      return;
    }
    if (!answer.ok || !isTold) throw new Error(answer.status);
    show(await answer.json());
  } catch {
    isDirty = true;
    tell(form.dataset.unsaved, true);
    plan(RETRY);
  }
}
function show({ wrong, missing }) {
  const texts = Object.values(wrong).flat();
  for (const input of form.querySelectorAll('[name^="data."]')) {
    const found = wrong[input.name.slice('data.'.length)];
    if (found) input.setAttribute('aria-invalid', 'true');
    else if (!input.closest('.wrong')) input.removeAttribute('aria-invalid');
  }
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
  if (texts.length) tell(`${form.dataset.partly} ${texts[0]}`, true);
  else tell(`${form.dataset.saved} ${time}`);
  for (const link of document.querySelectorAll('[data-step]')) {
    const count = missing[link.dataset.step] ?? 0;
    link.parentElement.classList.toggle('done', !count);
    link.parentElement.classList.toggle('gaps', Boolean(count));
    link.querySelector('[data-count]').textContent = count;
    link.querySelector('.lacks').hidden = !count;
    link.querySelector('[data-full]').hidden = Boolean(count);
  }
}
function changed() {
  isDirty = true;
  plan(PAUSE);
}
if (form) {
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', async (event) => {
    clearTimeout(timer);
    isLeaving = true;
    isDirty = false;
    if (!running) return;
    event.preventDefault();
    const { submitter } = event;
    await running;
    form.requestSubmit(submitter);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden' || !isDirty || isLeaving || running) return;
    isDirty = false;
    fetch(form.action, { method: 'POST', body: contents(), keepalive: true, headers: { Accept: 'application/json' } })
      .catch(() => { isDirty = true; });
  });
}

// --- Rows: added, moved, taken away; their names follow their places.
const whole = (text) => (/^[\d\s\u00a0]+$/.test(text) ? Number.parseInt(text.replace(/\s/g, ''), 10) : 0);

function renumber(table) {
  const start = table.dataset.rows;
  [...table.tBodies[0].rows].forEach((row, index) => {
    row.id = `${table.id}-${index}`;
    row.querySelector('.ordinal').textContent = index + 1;
    for (const node of row.querySelectorAll('[name], [id], [for], [aria-describedby]')) {
      for (const attribute of ['name', 'id', 'for', 'aria-describedby']) {
        const text = node.getAttribute(attribute);
        if (text?.startsWith(`${start}.`)) node.setAttribute(attribute, text.replace(/^([^.]+\.[^.]+\.)\d+/, `$1${index}`));
        else if (text?.startsWith(`${table.id}-`)) node.setAttribute(attribute, text.replaceAll(/(f-[a-z_]+-)\d+/g, `$1${index}`));
      }
    }
    for (const nth of row.querySelectorAll('.nth')) nth.textContent = index + 1;
    for (const button of row.querySelectorAll('button[data-row]')) {
      button.value = button.value.replace(/\d+$/, index);
      button.setAttribute('aria-label', button.getAttribute('aria-label').replace(/\d+$/, index + 1));
    }
  });
  sum();
  changed();
}
function blankRow(table) {
  const row = table.tBodies[0].lastElementChild.cloneNode(true);
  for (const input of row.querySelectorAll('input, textarea')) {
    if (input.type === 'checkbox') input.checked = false;
    else input.value = '';
    input.removeAttribute('aria-invalid');
  }
  for (const mark of row.querySelectorAll('.gap, .wrong')) mark.classList.remove('gap', 'wrong');
  for (const error of row.querySelectorAll('.error')) error.remove();
  const total = row.querySelector('[data-total]');
  if (total) total.textContent = '';
  return row;
}
function first(row) {
  return row?.querySelector('input, textarea');
}
function move(table, row, verb) {
  const rows = table.tBodies[0];
  if (verb === 'up' && row.previousElementSibling) rows.insertBefore(row, row.previousElementSibling);
  if (verb === 'down' && row.nextElementSibling) rows.insertBefore(row.nextElementSibling, row);
  if (verb === 'remove') {
    if (rows.rows.length === 1) rows.append(blankRow(table));
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    first(next)?.focus();
  }
  renumber(table);
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-row]');
  if (!button) return;
  event.preventDefault();
  const table = button.dataset.for ? document.getElementById(button.dataset.for) : button.closest('table');
  if (button.dataset.row === 'add') {
    const row = blankRow(table);
    table.tBodies[0].append(row);
    renumber(table);
    first(row).focus();
    return;
  }
  move(table, button.closest('tr'), button.dataset.row);
  if (button.isConnected) button.focus();
});
document.addEventListener('keydown', (event) => {
  const row = event.target.closest?.('table[data-rows] tbody tr');
  const verb = { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  if (!row || !verb || !event.altKey) return;
  event.preventDefault();
  const focused = event.target;
  move(row.closest('table'), row, verb);
  focused.focus();
});

// --- A table pasted out of a spreadsheet: cells by tabs, rows by lines, from the cell under the cursor on.
document.addEventListener('paste', (event) => {
  const cell = event.target.closest?.('table[data-rows] td');
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const lines = text.replace(/\r/g, '').replace(/\n+$/, '').split('\n');
  if (!cell || (lines.length === 1 && !text.includes('\t'))) return;
  event.preventDefault();
  const table = cell.closest('table');
  const column = [...cell.parentElement.querySelectorAll('td.cell')].indexOf(cell);
  let row = cell.parentElement;
  lines.forEach((line, index) => {
    if (index) {
      if (!row.nextElementSibling) table.tBodies[0].append(blankRow(table));
      row = row.nextElementSibling;
    }
    const cells = [...row.querySelectorAll('td.cell')].slice(column);
    line.split('\t').forEach((value, place) => {
      const input = cells[place]?.querySelector('input, textarea');
      if (!input) return;
      if (input.type === 'checkbox') input.checked = /^(да|yes|\+|1|x|х)$/i.test(value.trim());
      else input.value = value.trim();
    });
  });
  renumber(table);
});

// --- The plan: rows and columns summed, and the quarter of practice in integers, as the server counts it.
function sum() {
  for (const table of document.querySelectorAll('table.plan')) {
    const sums = {};
    let all = 0;
    for (const row of table.tBodies[0].rows) {
      let own = 0;
      for (const input of row.querySelectorAll('td.cell.number input')) {
        const kind = input.name.split('.').at(-1);
        const hours = whole(input.value);
        sums[kind] = (sums[kind] ?? 0) + hours;
        own += hours;
      }
      row.querySelector('[data-total]').textContent = own || '';
      all += own;
    }
    for (const cell of table.querySelectorAll('[data-sum]')) cell.querySelector('output').textContent = sums[cell.dataset.sum] ?? 0;
    table.querySelector('[data-sum-all]').textContent = all;
    judge(sums.practice_hours ?? 0, all);
  }
}
function judge(practice, total) {
  const box = document.querySelector('[data-practice]');
  const says = box.querySelector('[data-says]');
  const least = Math.ceil(total / 4);
  const isEnough = total > 0 && 4 * practice >= total;
  const share = total ? Math.floor((100 * practice) / total) : 0;
  box.classList.toggle('enough', isEnough);
  box.classList.toggle('short', total > 0 && !isEnough);
  box.querySelector('progress').value = share;
  const text = (total === 0 ? says.dataset.none : isEnough ? says.dataset.yes : says.dataset.no)
    .replace('{practice}', practice).replace('{total}', total).replace('{share}', share)
    .replace('{least}', least).replace('{lacks}', least - practice);
  if (says.textContent !== text) says.textContent = text;
}
document.addEventListener('input', (event) => {
  if (event.target.closest('table.plan')) sum();
});
