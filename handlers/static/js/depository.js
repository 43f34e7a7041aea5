// Comforts of the search; it is whole without them.
const narrow = window.matchMedia('(max-width: 62rem)');
const panel = document.getElementById('filters');
function fold() {
  if (panel) panel.open = !narrow.matches;
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
window.addEventListener('pageshow', () => {
  for (const input of form?.querySelectorAll(':disabled') ?? []) input.disabled = false;
});
