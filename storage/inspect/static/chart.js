// Draws the ranks of a place over the years: one line per group, place 1 on top. The numbers stand in the table below as well.
"use strict";

const COLOURS = ["var(--line1)", "var(--line2)", "var(--line3)", "var(--line4)", "var(--line5)", "var(--line6)"];
const SYMBOLS = ["circle", "square", "triangle", "diamond2", "star", "cross"];

function draw(place) {
  const points = JSON.parse(place.dataset.points);
  const lines = [...new Set(points.map((point) => point.line))];
  const years = [...new Set(points.map((point) => point.year))].sort();
  const worst = Math.max(...points.map((point) => point.rank), 3);
  const width = Math.max(place.clientWidth, 260);
  const colour = (point) => COLOURS[lines.indexOf(point.line) % COLOURS.length];
  const symbol = (point) => SYMBOLS[lines.indexOf(point.line) % SYMBOLS.length];
  const chart = Plot.plot({
    className: "chart",
    width,
    height: 220,
    marginLeft: 34,
    marginRight: 24,
    marginTop: 26,
    style: { background: "transparent", color: "currentColor", fontSize: "13px", overflow: "visible" },
    x: { type: "point", domain: d3.range(years[0], years[years.length - 1] + 1), tickFormat: String, label: null, tickSize: 0,
         ticks: labelled(years, width) },
    y: { reverse: true, domain: [1, worst + worst * 0.06], grid: true, label: null, tickSize: 0,
         ticks: ticksTo(worst), tickFormat: "d" },
    symbol: { type: "identity" },
    color: { type: "identity" },
    marks: [
      ...lines.flatMap((line, i) => {
        const own = points.filter((point) => point.line === line);
        const dx = aside(i, lines.length);
        return [
          Plot.line(withGaps(own), { x: "year", y: "rank", stroke: colour(own[0]), strokeWidth: 2, dx }),
          Plot.dot(own, { x: "year", y: "rank", fill: colour, stroke: "var(--paper)", strokeWidth: 1.5, symbol, r: 5, dx,
                          className: "points", title: (point) => `${point.year} ${point.line} ${point.rank}` }),
        ];
      }),
      Plot.text(places(points), { x: "year", y: "rank", text: "rank", fill: "currentColor", dy: -12, fontWeight: 600 }),
    ],
  });
  // an image has no named parts
  chart.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", place.dataset.label);
  place.replaceChildren(chart, ...(lines.length > 1 ? [legend(lines)] : []));
}

// a year without a place breaks the line: nobody knows what was between
function withGaps(own) {
  const byYear = new Map(own.map((point) => [point.year, point]));
  return d3.range(own[0].year, own[own.length - 1].year + 1).map((year) => byYear.get(year) || { year, rank: NaN });
}

// lines that share a place stand side by side, so that none hides another
function aside(i, number) {
  return number > 1 ? (i - (number - 1) / 2) * 11 : 0;
}

// each place of a year once, whoever holds it
function places(points) {
  return [...new Map(points.map((point) => [`${point.year} ${point.rank}`, point])).values()];
}

// the years that get a label: from the last backwards, as far apart as their labels need
function labelled(years, width) {
  const gap = Math.ceil(((years[years.length - 1] - years[0] + 1) * 46) / (width - 58));
  return years.reduceRight((kept, year) => (kept.length && kept[0] - year < gap ? kept : [year, ...kept]), []);
}

function ticksTo(worst) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((size) => worst / size <= 5) || 1000;
  return [1, ...d3.range(step, worst + 1, step).filter((tick) => tick > 1 && (step > 2 || tick - 1 >= step))];
}

function legend(lines) {
  const list = document.createElement("ul");
  list.className = "legend";
  list.append(...lines.map((line, i) => {
    const item = document.createElement("li");
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    mark.setAttribute("viewBox", "-8 -8 16 16");
    mark.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", d3.symbol(shapeOf(SYMBOLS[i % SYMBOLS.length]), 90)());
    shape.style.fill = COLOURS[i % COLOURS.length];
    mark.append(shape);
    item.append(mark, line);
    return item;
  }));
  return list;
}

function shapeOf(name) {
  return { circle: d3.symbolCircle, square: d3.symbolSquare, triangle: d3.symbolTriangle, diamond2: d3.symbolDiamond2,
           star: d3.symbolStar, cross: d3.symbolCross }[name];
}

function drawAll() {
  document.querySelectorAll(".plot").forEach(draw);
}

let waiting = 0;
let width = 0;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(drawAll);
});
drawAll();
