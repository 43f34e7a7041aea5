// Small comforts; every page and form works without them.
import './forms.js';

document.documentElement.classList.add('js');

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
