// Small comforts; every page and form works without them.
import './forms.js';

document.documentElement.classList.add('js');

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

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add-to]');
  if (button) addRow(button);
  if (event.target.closest('[data-print]')) window.print();
});

// On a narrow screen the sections lie in one row that scrolls: the one the page belongs to comes into view.
const row = document.querySelector('nav[aria-label] a[aria-current]')?.closest('ul');
if (row) {
  const here = row.querySelector('[aria-current]').getBoundingClientRect();
  row.parentElement.scrollLeft += here.left - (window.innerWidth - here.width) / 2;
}
