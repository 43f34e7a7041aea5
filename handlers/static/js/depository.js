// Comforts of the search; it is whole without them.
const narrow = window.matchMedia('(max-width: 62rem)');
const panel = document.getElementById('filters');
function fold() {
  // What is wrong stands in the panel.
  if (panel) panel.open = !narrow.matches || Boolean(document.querySelector('.summary'));
}
narrow.addEventListener('change', fold);
fold();

const form = document.getElementById('search');
for (const button of document.querySelectorAll('[data-applied]')) button.hidden = true;
for (const select of document.querySelectorAll('[data-apply]')) {
  select.addEventListener('change', () => form.requestSubmit());
}
// Fields left blank have no place in an address that people share.
form?.addEventListener('submit', () => {
  for (const input of form.querySelectorAll('input[name], select[name]')) {
    const blank = input.value === '' || (input.name === 'sort' && input.value === '-published');
    if (blank) input.disabled = true;
  }
});
window.addEventListener('pageshow', (event) => {
  // A page gone back to shows what was asked for its results, not what was chosen on leaving it.
  if (event.persisted) form?.reset();
  for (const input of form?.querySelectorAll(':disabled') ?? []) input.disabled = false;
});
