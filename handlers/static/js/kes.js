// Small comforts; every page and form works without them.
document.documentElement.classList.add('js');

// Parts of a form that an answer hides: data-hide = [[name, value, negated], …]; any of them hides the part.
function valueOf(name) {
  const found = document.getElementsByName(name);
  for (const input of found) {
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
    for (const input of part.querySelectorAll('input, select, textarea')) input.disabled = hidden;
  }
}

// The expert's score, counted while marking: data-score on the output, the marks by their names.
function countScore() {
  for (const output of document.querySelectorAll('[data-score]')) {
    const inputs = [...document.querySelectorAll(`input[name^="${output.dataset.score}"]`)];
    const rows = new Set(inputs.map((input) => input.name)).size;
    const plus = inputs.filter((input) => input.checked && input.value === '+').length;
    const marked = inputs.filter((input) => input.checked).length;
    const conforms = 100 * plus >= 75 * rows;
    output.textContent = output.dataset.text
      .replace('{plus}', plus).replace('{rows}', rows).replace('{marked}', marked)
      .replace('{share}', rows ? ((100 * plus) / rows).toFixed(2).replace('.', ',') : '0')
      .replace('{says}', conforms ? output.dataset.yes : output.dataset.no);
  }
}

// The plan: hours summed and the quarter of practice checked while typing.
function sumPlan() {
  for (const output of document.querySelectorAll('[data-plan]')) {
    const hours = (ending) => [...document.querySelectorAll(`input[name^="${output.dataset.plan}"][name$="${ending}"]`)]
      .reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
    const practice = hours('.practice_hours');
    const total = practice + hours('.lecture_hours') + hours('.self_study_hours') + hours('.control_hours');
    const enough = total > 0 && 4 * practice >= total;
    output.textContent = output.dataset.text
      .replace('{total}', total).replace('{practice}', practice)
      .replace('{says}', total === 0 ? '' : enough ? output.dataset.yes : output.dataset.no);
  }
}

// One more row of a table of fields: the last one, blank and renumbered.
function addRow(button) {
  const body = document.querySelector(`#${CSS.escape(button.dataset.addTo)} tbody`);
  const last = body.lastElementChild;
  const row = last.cloneNode(true);
  const index = body.children.length;
  for (const node of row.querySelectorAll('[name], [id], [for]')) {
    for (const attribute of ['name', 'id', 'for']) {
      const text = node.getAttribute(attribute);
      if (text) node.setAttribute(attribute, text.replace(/([.-])\d+([.-][a-z_]+)$/, `$1${index}$2`));
    }
    if (node.type === 'checkbox') node.checked = false;
    else if ('value' in node && node.tagName !== 'BUTTON') node.value = '';
  }
  body.append(row);
  row.querySelector('input')?.focus();
}

function refresh() {
  hideParts();
  countScore();
  sumPlan();
}
document.addEventListener('input', refresh);
document.addEventListener('change', refresh);
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add-to]');
  if (button) addRow(button);
  if (event.target.closest('[data-print]')) window.print();
});
refresh();
document.querySelector('.summary')?.focus();
