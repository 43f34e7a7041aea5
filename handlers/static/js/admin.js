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
