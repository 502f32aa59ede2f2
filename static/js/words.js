/* Words of the interface for scripts: {% ui_words %} puts them on the page, translated. */
(() => {
  const source = document.getElementById("ui-words");
  const words = source ? JSON.parse(source.textContent) : {};
  window.portalWord = (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] || "");
})();
