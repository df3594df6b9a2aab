// The switch in the navigation bar: light or dark, remembered in the same cookie as the form on
// the Appearance page, so that the server sends the next page in the right colours at once.

const root = document.documentElement;
const button = document.querySelector("[data-theme-switch]");
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const oneYear = 365 * 24 * 60 * 60;

const current = () => root.dataset.theme || (systemIsDark.matches ? "dark" : "light");
const other = () => (current() === "dark" ? "light" : "dark");

function describe() {
  button.querySelector("[data-theme-switch-label]").textContent =
    other() === "dark" ? "Switch to the dark theme" : "Switch to the light theme";
}

function remember(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${oneYear}; SameSite=Lax${secure}`;
  return document.cookie.split("; ").includes(`theme=${theme}`);
}

function toggle() {
  const theme = other();
  if (!remember(theme)) {
    // Cookies are off, or this one is out of a script's reach: the form may still manage.
    location.assign(button.dataset.themeSwitch);
    return;
  }
  root.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]').content = theme;
  describe();
}

if (button) {
  describe();
  button.hidden = false;
  button.addEventListener("click", toggle);
  systemIsDark.addEventListener("change", describe);
}
