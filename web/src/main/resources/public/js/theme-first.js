// The theme a person chose, before anything is painted; ui/theme.js changes it later.
try {
  const theme = localStorage.getItem('vilam.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system decides.
}
