// The hall keeps itself up to date, and an agenda's items are dragged. Without this both work by buttons.

// A page asks for its parts with the mark of what it shows; 304 means that nothing changed.
const EVERY = 2500;
const SLOWEST = 20000;

const touched = (input) => input.dataset.touched !== undefined;
document.addEventListener('input', (event) => { event.target.dataset.touched = ''; });

function answersIn(piece) {
  return [...piece.querySelectorAll('input, select, textarea')].filter(touched)
    .map((input) => ({ name: input.name, value: input.value, checked: input.checked, type: input.type }));
}

function giveBack(piece, answers) {
  for (const { name, value, checked, type } of answers) {
    for (const input of piece.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (type !== 'radio' && type !== 'checkbox') input.value = value;
      else if (input.value === value) input.checked = checked;
      else continue;
      input.dataset.touched = '';
    }
  }
}

// What stands typed, open or focused in a part survives its renewal.
function renew(piece, fresh) {
  const answers = answersIn(piece);
  const open = [...piece.querySelectorAll('details[open][id]')].map((one) => one.id);
  const closed = [...piece.querySelectorAll('details:not([open])[id]')].map((one) => one.id);
  const focused = piece.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && { id: focused.id, name: focused.name, value: focused.value };
  piece.replaceChildren(...fresh.childNodes);
  giveBack(piece, answers);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  for (const id of closed) document.getElementById(id)?.removeAttribute('open');
  if (!mark) return;
  const named = mark.name ? [...piece.querySelectorAll(`[name="${CSS.escape(mark.name)}"]`)] : [];
  const again = (mark.id && document.getElementById(mark.id)) || named.find((one) => one.value === mark.value) || named[0];
  again?.focus({ preventScroll: true });
}

// Keys of forms are new each time; they are no change.
const bare = (html) => html.replace(/name="(idempotency_key|csrf_token)" value="[^"]*"/g, '');

function follow(hall) {
  const note = document.querySelector('[data-live-note]');
  const shown = new Map();
  for (const piece of hall.querySelectorAll('[data-piece]')) shown.set(piece.dataset.piece, bare(piece.innerHTML));
  let tag = `"${hall.dataset.tag}"`;
  let wait = EVERY;

  function say(text, lost) {
    if (!note || note.textContent === text) return;
    note.textContent = text;
    note.classList.toggle('lost', lost);
  }

  async function ask() {
    if (!document.hidden) {
      try {
        const answer = await fetch(hall.dataset.live, { headers: { 'If-None-Match': tag }, cache: 'no-store' });
        if (answer.status === 200 && !answer.redirected) {
          tag = answer.headers.get('ETag') ?? tag;
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
          for (const fresh of page.querySelectorAll('[data-piece]')) {
            const name = fresh.dataset.piece;
            const html = bare(fresh.innerHTML);
            const piece = hall.querySelector(`[data-piece="${name}"]`);
            if (!piece || shown.get(name) === html) continue;
            shown.set(name, html);
            renew(piece, fresh);
          }
        } else if (answer.status !== 304) {
          throw new Error(String(answer.status));
        }
        hall.dataset.asked = String(Number(hall.dataset.asked ?? 0) + 1);
        wait = EVERY;
        say(note?.dataset.fresh ?? '', false);
      } catch {
        if (wait === EVERY) say(`${note?.dataset.lost} ${new Date().toLocaleTimeString(document.documentElement.lang)}`, true);
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
    setTimeout(ask, wait);
  }
  say(note?.dataset.fresh ?? '', false);
  setTimeout(ask, EVERY);
}

// The order of an agenda: by pointer, by arrow keys on the handle, by the buttons; saved by one button.
function order(list) {
  const save = document.querySelector('[data-save]');
  const said = document.querySelector('[data-said]');

  function place(item) {
    [...list.children].forEach((one, index) => { one.querySelector('[data-place]').textContent = index + 1; });
    save.hidden = false;
    said.textContent = said.dataset.template
      .replace('{item}', item.dataset.item).replace('{place}', [...list.children].indexOf(item) + 1);
  }

  function step(item, by, focus) {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(item);
    else other.after(item);
    place(item);
    focus.focus();
  }

  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-move]');
    if (!button) return;
    event.preventDefault();
    step(button.closest('[data-item]'), Number(button.dataset.move), button);
  });
  list.addEventListener('keydown', (event) => {
    const handle = event.target.closest('[data-handle]');
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!handle || !by) return;
    event.preventDefault();
    step(handle.closest('[data-item]'), by, handle);
  });
  list.addEventListener('pointerdown', (event) => {
    const handle = event.target.closest('[data-handle]');
    if (!handle || event.button !== 0) return;
    const item = handle.closest('[data-item]');
    item.classList.add('dragged');
    handle.setPointerCapture(event.pointerId);
    const drag = (move) => {
      const over = [...list.children].find((one) => {
        const box = one.getBoundingClientRect();
        return one !== item && move.clientY > box.top && move.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      const isBelow = item.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (isBelow && move.clientY > box.top + box.height / 2) over.after(item);
      else if (!isBelow && move.clientY < box.top + box.height / 2) over.before(item);
      else return;
      handle.setPointerCapture(event.pointerId);
      place(item);
    };
    const drop = () => {
      item.classList.remove('dragged');
      handle.removeEventListener('pointermove', drag);
      handle.removeEventListener('pointerup', drop);
      handle.removeEventListener('pointercancel', drop);
    };
    handle.addEventListener('pointermove', drag);
    handle.addEventListener('pointerup', drop);
    handle.addEventListener('pointercancel', drop);
  });
}

document.documentElement.classList.add('js');
const hall = document.querySelector('[data-live][data-on]');
if (hall) follow(hall);
const list = document.querySelector('[data-order]');
if (list) order(list);
