// A secret that is shown once can be copied by one press.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.querySelector('span').textContent = button.dataset.copied;
  } catch {
    // The clipboard is closed to this page: the text stays selected for the person's own copying.
  }
});

// The days of a year: one stop of the tab key a month, arrows from day to day.
const days = [...document.querySelectorAll('.day.pick input')];
const stops = new Set(days.filter((day, i) => day.closest('table') !== days[i - 1]?.closest('table')));
for (const day of days) day.tabIndex = stops.has(day) ? 0 : -1;
const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
document.addEventListener('keydown', (event) => {
  const from = days.indexOf(event.target);
  const to = days[from + steps[event.key]];
  if (from < 0 || !(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (!to) return;
  for (const day of days) if (day.closest('table') === to.closest('table')) day.tabIndex = day === to ? 0 : -1;
  to.focus();
});
