/* Charts: <div class="ch" data-chart="id" role="img" aria-label="…"></div> and {{ option|json_script:"id" }}.
   Any "var(--token)" string in the option becomes the colour of that token. Needs echarts.common.min.js before it. */
(() => {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const resolve = (value) => {
    if (typeof value === "string") { const found = value.match(/^var\((--[\w-]+)\)$/); return found ? token(found[1]) : value; }
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    return value;
  };
  const still = matchMedia("(prefers-reduced-motion:reduce)").matches;
  const ground = () => ({
    color: [1, 2, 3, 4, 5, 6].map((n) => token(`--c${n}`)),
    textStyle: { fontFamily: '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif', color: token("--text-2") },
    animation: !still,
    aria: { enabled: true },
    tooltip: { confine: true },
  });
  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const label = box.getAttribute("aria-label");
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(ground());
    chart.setOption(resolve(JSON.parse(source.textContent)));
    if (label) box.setAttribute("aria-label", label);
    chart.on("click", (event) => { if (event.data && event.data.url) location.assign(event.data.url); });
    new ResizeObserver(() => chart.resize()).observe(box);
  };
  const all = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  all(document);
  document.addEventListener("htmx:afterSwap", (event) => all(event.target));
})();
