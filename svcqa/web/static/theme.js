// Runs before the first paint, so that a chosen theme does not flash. app.js stores the choice.
try {
  if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme;
} catch { /* storage is switched off: the system's wish stands */ }
