// While a form of casework is filled in: who is meant by a name, and what may have been registered already.
const waiting = new Map();
const later = (key, work) => { clearTimeout(waiting.get(key)); waiting.set(key, setTimeout(work, 250)); };

async function fragment(address, values) {
  const answer = await fetch(`${address}?${new URLSearchParams(values)}`);
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').body.firstElementChild : null;
}

// The last word of the field is looked up; a chosen person takes its place.
async function suggest(field) {
  const word = field.value.split(/[\s,，、;；]+/).pop();
  const found = word.length > 1 && await fragment(field.dataset.suggest, { q: word });
  field.parentElement.querySelector('.suggestions')?.remove();
  if (found) field.after(found);
}
async function hint(form) {
  const place = form.querySelector('.hints'), { phone, subject } = form.elements;
  const found = await fragment(form.dataset.hints, { phone: phone.value, q: subject.value });
  place.replaceChildren(...(found ? [found] : []));
}

addEventListener('input', event => {
  const { target } = event;
  if (event.isComposing) return;
  if (target.dataset.suggest) later(target, () => suggest(target));
  if (target.form?.dataset.hints && ['phone', 'subject'].includes(target.name)) later(target.form, () => hint(target.form));
});
addEventListener('click', ({ target }) => {
  const choice = target.closest('[data-pick]');
  if (!choice) return;
  const list = choice.closest('.suggestions'), field = list.previousElementSibling;
  field.value = field.value.replace(/[^\s,，、;；]*$/, choice.dataset.pick + ' ');
  list.remove();
  field.focus();
});
