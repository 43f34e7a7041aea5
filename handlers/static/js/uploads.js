// Files sent one by one with their progress; judged by size and kind before anything is sent. Without this script the
// form sends them all at once and the server says the same.
const forms = document.querySelectorAll('form[data-upload]');
const waiting = [];
let isBusy = false;

function problemOf(file, form) {
  const extension = file.name.includes('.') ? file.name.split('.').at(-1).toLowerCase() : '';
  if (!form.dataset.types.split(' ').includes(extension)) return form.dataset.foreign;
  if (file.size === 0) return form.dataset.empty;
  return file.size > Number(form.dataset.largest) ? form.dataset.tooLarge : '';
}
function lineOf(file, form) {
  const item = document.createElement('li');
  const name = document.createElement('span');
  const state = document.createElement('span');
  const bar = document.createElement('progress');
  const cancel = document.createElement('button');
  name.textContent = file.name;
  state.className = 'soft small';
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  cancel.type = 'button';
  cancel.className = 'button small';
  cancel.textContent = form.dataset.cancel;
  item.append(name, state, bar, cancel);
  form.closest('.kind').querySelector('[data-sending]').append(item);
  return { item, state, bar, cancel };
}
function fail(line, file, form, text, mayRetry) {
  const error = document.createElement('p');
  error.className = 'error';
  error.textContent = `«${file.name}» ${text}`;
  line.item.replaceChildren(error);
  if (!mayRetry) return;
  const again = document.createElement('button');
  again.type = 'button';
  again.className = 'button small';
  again.textContent = form.dataset.retry;
  again.addEventListener('click', () => {
    line.item.remove();
    add([file], form);
  });
  line.item.append(again);
}
function add(files, form) {
  for (const file of files) {
    const line = lineOf(file, form);
    const problem = problemOf(file, form);
    if (problem) fail(line, file, form, problem, false);
    else {
      const job = { file, form, line };
      line.cancel.addEventListener('click', () => {
        const place = waiting.indexOf(job);
        if (place >= 0) waiting.splice(place, 1);
        line.item.remove();
      }, { once: true });
      waiting.push(job);
    }
  }
  next();
}
async function next() {
  const job = isBusy ? null : waiting.shift();
  if (!job) return;
  isBusy = true;
  await send(job);
  isBusy = false;
  next();
}
function send({ file, form, line }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    for (const input of form.querySelectorAll('input[type="hidden"]')) data.append(input.name, input.value);
    data.append('file', file);
    line.cancel.addEventListener('click', () => request.abort(), { once: true });
    request.upload.addEventListener('progress', (event) => {
      if (!event.lengthComputable) return;
      const share = Math.floor((100 * event.loaded) / event.total);
      line.bar.value = share;
      line.state.textContent = share < 100 ? `${share} %` : form.dataset.checking;
    });
    request.addEventListener('load', async () => {
      const reason = reasonOf(request, form);
      if (reason) fail(line, file, form, reason, request.status >= 500);
      else {
        line.item.remove();
        await refresh();
      }
      resolve();
    });
    request.addEventListener('error', () => {
      fail(line, file, form, form.dataset.broken, true);
      resolve();
    });
    request.addEventListener('abort', resolve);
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.send(data);
  });
}
function reasonOf(request, form) {
  if (request.status === 413) return form.dataset.tooLarge;
  if (request.status !== 200) return form.dataset.refused;
  try {
    return JSON.parse(request.responseText).errors.map((text) => text.replace(/^«[^»]*»: /, '')).join(' ');
  } catch {
    return form.dataset.refused;
  }
}
// The lists and marks as the server shows them now; what is being sent stays.
async function refresh() {
  const answer = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of document.querySelectorAll('.kind')) {
    const fresh = page.getElementById(part.id);
    if (!fresh) continue;
    for (const mark of ['[data-files]', '[data-state]']) part.querySelector(mark).replaceWith(fresh.querySelector(mark));
    part.classList.toggle('gap', fresh.classList.contains('gap'));
  }
  const steps = page.querySelector('nav.steps');
  if (steps) document.querySelector('nav.steps').replaceWith(steps);
}

for (const form of forms) {
  const input = form.querySelector('input[type="file"]');
  input.addEventListener('change', () => {
    add([...input.files], form);
    input.value = '';
  });
  form.addEventListener('dragover', (event) => {
    event.preventDefault();
    form.classList.add('over');
  });
  form.addEventListener('dragleave', () => form.classList.remove('over'));
  form.addEventListener('drop', (event) => {
    event.preventDefault();
    form.classList.remove('over');
    add([...event.dataTransfer.files], form);
  });
}
