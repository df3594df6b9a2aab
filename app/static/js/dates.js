// Rewrites the server's dates in the reader's language and time zone, with Moment.js.
// <time datetime="…" data-moment="fromNow" data-refresh="60000"> names the function to call; its
// arguments are data-format, data-timestamp2, data-nosuffix and data-units, in this order, as
// Flask-Moment has them; data-refresh is the milliseconds after which to do it again.

/* global moment */

// The locale files under vendor/moment/locale; asking for another one would be a 404.
const locales = new Set(
  ("af am am-et ar ar-dz ar-kw ar-ly ar-ma ar-ps ar-sa ar-tn az be bg bm bn bn-bd bo br bs ca cs " +
    "cv cy da de de-at de-ch dv el en-au en-ca en-gb en-ie en-il en-in en-nz en-sg eo es es-do " +
    "es-mx es-us et eu fa fi fil fo fr fr-ca fr-ch fy ga gd gl gom-deva gom-latn gu he hi hr hu " +
    "hy-am id is it it-ch ja jv ka kk km kn ko ku ku-kmr ky lb lo lt lv me mi mk ml mn mr ms " +
    "ms-my mt my nb ne nl nl-be nn oc-lnc pa-in pl ps pt pt-br ro ru sd se si sk sl sq sr " +
    "sr-cyrl ss sv sw ta te tet tg th tk tl-ph tlh tr tzl tzm tzm-latn ug-cn uk ur uz uz-latn vi " +
    "yo zh-cn zh-hk zh-mo zh-tw").split(" "),
);
const aliases = { zh: "zh-cn", "zh-hans": "zh-cn", "zh-hant": "zh-tw", no: "nb", hy: "hy-am", pa: "pa-in", tl: "tl-ph" };

/** The best locale there is for the reader's languages, or "en", which is built in. */
function bestLocale(languages) {
  for (const language of languages) {
    const parts = language.toLowerCase().split("-");
    for (; parts.length; parts.pop()) {
      const tag = parts.join("-");
      const name = aliases[tag] ?? tag;
      if (locales.has(name)) return name;
      if (name === "en" || name === "en-us") return "en";
    }
  }
  return "en";
}

function load(locale) {
  if (locale === "en") return Promise.resolve();
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = new URL(`../vendor/moment/locale/${locale}.js`, import.meta.url);
    // English dates are better than none.
    script.onload = script.onerror = resolve;
    document.head.append(script);
  });
}

function write(element) {
  const when = moment(element.dateTime);
  if (!when.isValid()) return;
  const { format, timestamp2, nosuffix, units } = element.dataset;
  const values = [format, timestamp2 && moment(timestamp2), nosuffix && true, units].filter(Boolean);
  element.textContent = when[element.dataset.moment](...values);
  element.title = when.format("LLLL");
  element.lang = moment.locale();
}

function keepFresh(element) {
  const pause = Number(element.dataset.refresh);
  if (!(pause > 0) || element.dataset.fresh) return;
  element.dataset.fresh = "yes";
  const timer = setInterval(() => {
    if (element.isConnected) write(element);
    else clearInterval(timer);
  }, pause);
}

function writeAll() {
  for (const element of document.querySelectorAll("time[data-moment]")) {
    write(element);
    keepFresh(element);
  }
}

if (window.moment) {
  const locale = bestLocale(navigator.languages ?? [navigator.language]);
  await load(locale);
  moment.locale(locale);
  writeAll();
  document.addEventListener("htmx:after:settle", writeAll);
}
