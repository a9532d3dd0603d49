/* The panel of speeds and thresholds: curves of who is within reach, and the table of rates. */
(function () {
"use strict";
var el = lifecircle.el;

function svg(tag, attributes, text) {
  var node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
  if (text !== undefined) { node.appendChild(document.createTextNode(text)); }
  return node;
}

function drawing(c) {
  var box = svg("svg", {viewBox: "0 0 " + c.width + " " + c.height, role: "img", "aria-label": c.title, "class": "lc-chart"});
  c.y_ticks.forEach(function (tick) {
    box.appendChild(svg("path", {"class": "lc-grid", d: "M" + c.left + " " + tick[0] + "H" + c.right}));
    box.appendChild(svg("text", {x: c.left - 6, y: tick[0] + 4, "text-anchor": "end"}, tick[1]));
  });
  c.x_ticks.forEach(function (tick, k) {
    box.appendChild(svg("path", {"class": "lc-grid", d: "M" + tick[0] + " " + c.bottom + "v4"}));
    box.appendChild(svg("text", {x: tick[0], y: c.bottom + 18, "text-anchor": k === c.x_ticks.length - 1 ? "end" : "middle"}, tick[1]));
  });
  if (c.threshold !== null) { box.appendChild(svg("path", {"class": "lc-limit", d: "M" + c.threshold + " " + c.top + "V" + c.bottom})); }
  c.lines.forEach(function (l) {
    if (l.band) { box.appendChild(svg("polygon", {points: l.band, fill: l.colour, opacity: ".15"})); }
  });
  c.lines.forEach(function (l) {
    box.appendChild(svg("polyline", {points: l.points, fill: "none", stroke: l.colour, "stroke-width": 2, "stroke-dasharray": l.dash}));
  });
  return el("figure", {}, [
    el("figcaption", {}, [c.title, c.note ? el("small", {}, c.note) : null]), box,
    el("ul", {"class": "lc-curves"}, c.lines.map(function (l) {
      var key = svg("svg", {viewBox: "0 0 28 8", "aria-hidden": "true"});
      key.appendChild(svg("path", {d: "M0 4H28", stroke: l.colour, "stroke-width": 2.5, "stroke-dasharray": l.dash}));
      return el("li", {}, [key, l.name, l.now ? el("b", {}, l.now) : null]);
    }))
  ]);
}

function rates(T, t) {
  return el("section", {}, [
    el("h3", {}, t.measure),
    el("div", {"class": "lc-scroll", tabindex: "0"}, el("table", {"class": "lc-table"}, [
      el("thead", {}, el("tr", {}, [T.reach_group, T.basis].concat(t.columns).map(function (h) { return el("th", {scope: "col"}, h); }))),
      el("tbody", {}, t.rows.map(function (row, k) {
        var again = k > 0 && t.rows[k - 1][0] === row[0];
        return el("tr", {}, [el("th", {scope: "row"}, again ? el("span", {"class": "lc-unseen"}, row[0]) : row[0]), el("td", {}, row[1])].concat(row[2].map(function (cell) {
          return el("td", {title: cell[1], "class": "lc-number"}, cell[0]);
        })));
      }))
    ]))
  ]);
}

/* Returns the button that opens the panel, null where there is nothing to show. */
lifecircle.variants = function (D) {
  var T = D.text, V = D.variants, card = document.getElementById("lc-variants");
  if (!V) { return null; }
  var shut = el("button", {"class": "lc-toggle", type: "button", "aria-label": T.close, title: T.close}, "×");
  var open = el("button", {"class": "lc-button", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", id: "lc-open-variants"}, T.variants);
  function show(on) {
    card.hidden = !on;
    open.setAttribute("aria-expanded", String(on));
    (on ? shut : open).focus();
  }
  card.setAttribute("aria-label", T.variants);
  card.appendChild(shut);
  card.appendChild(el("h2", {}, T.variants));
  card.appendChild(el("p", {"class": "lc-note"}, T.variants_note));
  card.appendChild(el("div", {"class": "lc-charts"}, V.curves.map(drawing)));
  V.tables.forEach(function (t) { card.appendChild(rates(T, t)); });
  shut.addEventListener("click", function () { show(false); });
  open.addEventListener("click", function () { show(card.hidden); });
  card.addEventListener("keydown", function (event) { if (event.key === "Escape") { show(false); } });
  return open;
};
}());
