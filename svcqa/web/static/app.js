// Convenience only: every page works without this file. No words stand here; they come from the page.
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Lists: fetch the page again and exchange one region, with history, focus and a spoken count.
let underway, waiting, hiding, prefix = -900;
async function swap(url, region, { push = true, quiet = false } = {}) {
  const old = one(region);
  underway?.abort();
  underway = new AbortController();
  if (!quiet) old?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { headers: { 'X-Partial': region }, signal: underway.signal });
    const next = answer.ok && one(region, new DOMParser().parseFromString(await answer.text(), 'text/html'));
    if (!next) throw new Error(url);
    const focus = keepFocus(old);
    old.replaceWith(next);
    focus(next);
    if (push) {
      history.replaceState({ region }, '');
      history.pushState({ region }, '', url);
    }
    if (!quiet) say(one('caption', next)?.textContent, false);
  } catch (error) {
    if (error.name !== 'AbortError' && !quiet) location = url;
  }
}
function keepFocus(region) {
  const field = document.activeElement, { name, value, type, selectionStart } = field;
  if (!region.contains(field)) return () => {};
  return next => {
    const same = all('[name], tr', next).find(node => name ? node.name === name && (type === 'search' || node.value === value)
      : node.dataset.href === field.dataset.href);
    same?.focus();
    if (type !== 'search') return;
    same.value = value;
    same.setSelectionRange(selectionStart, selectionStart);
  };
}
function address(form) {
  const url = new URL(form.action);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return url.href;
}

// Messages: always read aloud; shown for a few seconds when there is something new to see.
function say(text, shown = true) {
  const toast = one('.toast');
  if (!text || !toast) return;
  toast.textContent = text;
  toast.classList.toggle('unseen', !shown);
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.classList.add('unseen'), 5000);
}
async function copy(node) {
  try {
    await navigator.clipboard.writeText(node.dataset.copy);
  } catch { // no clipboard without https
    getSelection().selectAllChildren(node);
    document.execCommand('copy');
  }
  say(node.dataset.copied);
}
function toggleTheme() {
  const { dataset } = document.documentElement, wish = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  dataset.theme = (dataset.theme || wish) === 'dark' ? 'light' : 'dark';
  localStorage.theme = dataset.theme;
}
addEventListener('click', event => {
  const at = selector => event.target.closest(selector);
  const link = at('a[data-swap]'), opener = at('[data-dialog]'), copied = at('[data-copy]'), row = at('tr[data-href]');
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (opener || link) event.preventDefault();
  if (copied) copy(copied);
  else if (at('[data-theme-toggle]')) toggleTheme();
  else if (opener) one('#' + opener.dataset.dialog).showModal();
  else if (at('[data-close]')) at('dialog').close();
  else if (link) swap(link.href, link.dataset.swap);
  else if (row && !at('a, input, button, label')) location = row.dataset.href;
});
addEventListener('popstate', ({ state }) => state?.region && swap(location.href, state.region, { push: false }));

// Forms: filters answer while typing (never inside an unfinished Chinese word), others are guarded and sent once.
function typed(event) {
  const { target } = event, { form } = target;
  if (target.matches('[data-all]')) all('.pick input').forEach(box => { box.checked = target.checked; });
  if (form?.matches('[data-guard]')) form.dataset.dirty = '';
  if (!form?.matches('[data-swap]') || event.isComposing) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => swap(address(form), form.dataset.swap), target.type === 'search' ? 220 : 0);
}
addEventListener('input', typed);
addEventListener('compositionend', typed);
addEventListener('submit', event => {
  const form = event.target;
  if (form.matches('[data-swap]')) { event.preventDefault(); swap(address(form), form.dataset.swap); }
  else if (form.method === 'post') {
    delete form.dataset.dirty;
    setTimeout(() => { // after the browser has read which button it was
      for (const each of form.elements) if (each.type === 'submit') each.disabled = true;
      event.submitter?.setAttribute('aria-busy', 'true');
    });
  }
});
addEventListener('close', ({ target }) => all('[data-dirty]', target).forEach(form => delete form.dataset.dirty), true);
addEventListener('pageshow', () => one('button[aria-busy]') && location.reload()); // back to a form that was sent
addEventListener('beforeunload', event => one('[data-dirty]') && event.preventDefault());

// Deadlines pass while the page is open; how much working time remains, only the server says.
function tick() {
  all('.due[data-late]').filter(chip => new Date(chip.dataset.due) < Date.now()).forEach(chip => {
    chip.className = 'due due-overdue';
    chip.lastElementChild.textContent = chip.dataset.late;
  });
}
setInterval(tick, 60000);
addEventListener('focus', () => {
  tick();
  const list = one('[data-refresh]');
  if (list && !one('dialog[open], .pick input:checked')) swap(location.href, '#' + list.id, { push: false, quiet: true });
});

// Keys: outside of fields, without modifiers, never while a Chinese word is being composed.
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (event.target.matches('input, textarea, select') || one('dialog[open]')) return;
  const key = event.key.toLowerCase(), rows = all('tr.row'), row = event.target.closest('tr.row');
  if (key === 'j' || key === 'k') {
    const next = rows[rows.indexOf(row) + (key === 'j' ? 1 : -1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  } else if (key === 'enter' && event.target === row) row.click();
  else if (key === 'x' && row) one('.pick input', row)?.click();
  else if (key === 'g') prefix = event.timeStamp;
  else {
    const target = one(`[data-key="${CSS.escape((event.timeStamp - prefix < 900 ? 'g ' : '') + key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches('input')) target.focus(); else target.click();
  }
});
all('dialog[open]').forEach(dialog => { dialog.close(); dialog.showModal(); scrollTo(0, 0); }); // sent back with errors
say(one('.toast')?.textContent);
