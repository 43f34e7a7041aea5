// Comforts of a case's page: calling people by @, the size of a file before it is sent, the drawing on the whole screen.

// After "@" the people of the list below the comment are offered; the list of tick boxes is the way without JavaScript.
const WORD = /(?:^|[^\w.@])@([\p{L}\w.-]*)$/u;
const MOST = 6;

function offerPeople(area) {
  const box = document.getElementById(area.dataset.mentions);
  if (!box) return;
  const people = [...box.querySelectorAll('input')].map((input) => ({ login: input.value, name: input.dataset.name }));
  const list = document.createElement('ul');
  list.className = 'suggestions';
  list.id = `${area.id}-suggestions`;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', box.getAttribute('aria-label'));
  list.hidden = true;
  area.after(list);
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-controls', list.id);
  let chosen = 0;

  const word = () => WORD.exec(area.value.slice(0, area.selectionStart))?.[1];
  const close = () => {
    list.hidden = true;
    area.removeAttribute('aria-activedescendant');
  };
  const point = (index) => {
    chosen = (index + list.children.length) % list.children.length;
    [...list.children].forEach((item, place) => item.setAttribute('aria-selected', String(place === chosen)));
    area.setAttribute('aria-activedescendant', list.children[chosen].id);
  };
  const take = (index) => {
    const start = area.selectionStart - word().length;
    area.setRangeText(`${list.children[index].dataset.login} `, start, area.selectionStart, 'end');
    close();
    area.focus();
  };
  const offer = () => {
    const typed = word()?.toLowerCase();
    const found = typed === undefined ? [] : people.filter(({ login, name }) =>
      login.startsWith(typed) || name.toLowerCase().split(' ').some((part) => part.startsWith(typed))).slice(0, MOST);
    if (!found.length) {
      close();
      return;
    }
    list.replaceChildren(...found.map(({ login, name }, index) => {
      const item = document.createElement('li');
      item.id = `${list.id}-${index}`;
      item.setAttribute('role', 'option');
      item.dataset.login = login;
      item.textContent = `${name} @${login}`;
      item.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        take(index);
      });
      return item;
    }));
    list.hidden = false;
    point(0);
  };
  area.addEventListener('input', offer);
  area.addEventListener('blur', close);
  area.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') point(chosen + 1);
    else if (event.key === 'ArrowUp') point(chosen - 1);
    else if (event.key === 'Enter' || event.key === 'Tab') take(chosen);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function watchSize(input) {
  input.addEventListener('change', () => {
    const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : '');
    input.reportValidity();
  });
}

function fillScreen(button) {
  const part = document.getElementById(button.dataset.full);
  if (!part?.requestFullscreen) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else part.requestFullscreen();
  });
}

// What a part put in later brings is looked at too, each thing once.
const seen = new WeakSet();
function look() {
  for (const [selector, help] of [
    ['textarea[data-mentions]', offerPeople],
    ['input[type="file"][data-largest]', watchSize],
    ['[data-full]', fillScreen],
  ]) {
    for (const element of document.querySelectorAll(selector)) {
      if (!seen.has(element)) help(element);
      seen.add(element);
    }
  }
}
document.addEventListener('htmx:after:swap', look);
look();
