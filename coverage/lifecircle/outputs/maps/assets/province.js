/* The province: counties, and streets and towns, by the rate of one clause. `D` is the data block
   written by lifecircle.outputs.province.drawing. */
(function () {
"use strict";
var el = lifecircle.el;

lifecircle.start = function (map) {
  var D = lifecircle.unpack(document.getElementById("lc-data").textContent), T = D.text, A = D.areas, k;
  var strip = document.getElementById("lc-banners");
  document.documentElement.lang = D.lang;
  D.banners.forEach(function (text) { strip.appendChild(el("li", {}, text)); });
  document.documentElement.style.setProperty("--top", strip.offsetHeight + "px");

  /* classes: the shades of rates, verdicts where a clause has no rate, no figure, no result */
  var shades = lifecircle.RATES, verdicts = ["compliant", "deficient", "not_assessed", "reported", "not_applicable",
                                              "not_in_force", "exempt", "reference"];
  var looks = shades.map(function (shade) { return look(shade[1], "#4a5a68", 0.85); });
  verdicts.forEach(function (name) { var v = lifecircle.VERDICTS[name]; looks.push(look(v.fill, v.line, 0.85)); });
  var NONE = looks.push(look("#ffffff", "#9aa09c", 0.6)) - 1, FAILED = looks.push(look("#8d8d8d", "#2b2b2b", 0.7)) - 1;
  looks[NONE].dash = [2, 4];
  looks[FAILED].hatch = 6;
  looks[FAILED].dash = [4, 3];
  function look(fill, line, opacity) { return {rank: 1, fill: fill, line: line, fillOpacity: opacity, weight: 1.4, opacity: 1}; }

  var shapes = new lifecircle.Shapes(A.shape), clause = D.clauses[D.first], towns = false, names = null;
  var areas = new lifecircle.Compact(shapes, looks, {pane: lifecircle.pane(map, "data", 400, true)});
  map.createPane("names").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";

  function classOf(row) {
    if (A.failed[row]) { return FAILED; }
    var share = clause ? clause.share.get(row) : null;
    if (share !== null) { return lifecircle.rateClass(share); }
    var status = clause && clause.status.get(row), at = status ? verdicts.indexOf(status) : -1;
    return at < 0 || (clause.sum && status !== "not_assessed") ? NONE : shades.length + at;
  }
  function drawn(row) { return shapes.placed(row) && (A.failed[row] || Boolean(A.town[row]) === towns); }
  function paint() {
    for (k = 0; k < A.n; k++) { areas.look[k] = drawn(k) ? classOf(k) : 255; }
    areas.refresh();
    if (names) { names.draw(); }
  }

  /* --- cards -------------------------------------------------------------------------------------- */
  var card = document.getElementById("lc-summary"), figure = el("section", {"class": "lc-headline"});
  card.appendChild(el("h1", {}, D.title));
  var choice = el("select", {id: "lc-clause", "aria-label": T.choose_clause}, D.clauses.map(function (c, n) {
    return el("option", {value: n}, c.name);
  }));
  choice.value = String(D.first);
  choice.addEventListener("change", function () { clause = D.clauses[Number(choice.value)]; all(); });
  var level = el("select", {id: "lc-level", "aria-label": T.level}, [
    el("option", {value: "county"}, T.by_county), el("option", {value: "town"}, T.by_town)
  ]);
  level.addEventListener("change", function () { towns = level.value === "town"; all(); });
  card.appendChild(el("div", {"class": "lc-choices"}, [
    el("label", {"for": "lc-clause"}, T.clause), choice, el("label", {"for": "lc-level"}, T.level), level
  ]));
  card.appendChild(figure);
  var ranking = el("tbody"), failed = D.failed;
  card.appendChild(el("details", {"class": "lc-group", open: ""}, [
    el("summary", {}, T.ranking), el("table", {"class": "lc-diff-units"}, ranking)
  ]));
  if (failed.length) {
    card.appendChild(el("details", {"class": "lc-group", open: "", id: "lc-failed"}, [
      el("summary", {}, T.without + " " + failed.length)
    ].concat(failed.map(function (one) {
      return el("p", {"class": "lc-note"}, [el("b", {}, one[0]), "　" + one[1] + "　" + one[2]]);
    }))));
  }

  function told() {
    figure.textContent = "";
    if (!clause) { return; }
    figure.appendChild(el("h2", {}, clause.document));
    if (clause.sum) {
      figure.appendChild(el("p", {"class": "lc-figure"}, [el("b", {}, clause.sum[0]), el("span", {}, clause.sum.slice(1).join(" "))]));
    }
    figure.appendChild(el("p", {"class": "lc-note"}, [clause.target, clause.basis].filter(Boolean).join("　")));
  }
  function rank() {
    var rows = [];
    for (k = 0; k < A.n; k++) {
      if (!A.failed[k] && Boolean(A.town[k]) === towns && clause && (clause.told.get(k) || clause.status.get(k))) { rows.push(k); }
    }
    rows.sort(function (a, b) { return order(a) - order(b) || a - b; });
    ranking.textContent = "";
    rows.slice(0, 200).forEach(function (row) {
      var button = el("button", {type: "button", style: {
        border: "0", padding: "0", background: "none", font: "inherit", color: "inherit", cursor: "pointer", textAlign: "left"
      }}, label(row));
      button.addEventListener("click", function () { show(row); });
      ranking.appendChild(el("tr", {}, [el("th", {scope: "row"}, button), el("td", {}, value(row))]));
    });
    if (rows.length > 200) { ranking.appendChild(el("tr", {}, el("td", {colspan: 2}, "…"))); }
  }
  function order(row) { var share = clause.share.get(row); return share === null ? 1000 : share; }
  function label(row) { return A.town[row] ? A.county.get(row) + " " + A.name.get(row) : A.name.get(row); }
  function value(row) {
    var status = clause.status.get(row);
    return clause.told.get(row) || (status ? clause.words[status] : "–");
  }

  /* --- legend ------------------------------------------------------------------------------------- */
  var legend = el("section", {"class": "lc-group"}), layers = document.getElementById("lc-layers");
  layers.appendChild(legend);
  function swatch(one) {
    return el("span", {"class": "lc-swatch", "aria-hidden": "true", style: {
      display: "inline-block", width: "26px", height: "14px", marginRight: "8px", verticalAlign: "middle",
      background: one.fill, border: "1.5px " + (one.dash ? "dashed " : "solid ") + one.line
    }});
  }
  function key() {
    var there = {}, low = 0;
    for (k = 0; k < A.n; k++) { if (areas.look[k] !== 255) { there[areas.look[k]] = (there[areas.look[k]] || 0) + 1; } }
    legend.textContent = "";
    legend.appendChild(el("h2", {"class": "lc-sub"}, T.legend));
    looks.forEach(function (one, n) {
      var text, from = low;
      if (n < shades.length) {
        text = n === shades.length - 1 ? "100 %" : from + "–" + (shades[n][0] > 99 ? "100" : shades[n][0]) + " %";
        low = shades[n][0];
      } else if (n === NONE) { text = T.no_figure; }
      else if (n === FAILED) { text = T.without; }
      else { text = clause && clause.words[verdicts[n - shades.length]]; }
      if (there[n] && text) { legend.appendChild(el("p", {}, [swatch(one), text, el("span", {"class": "lc-count"}, " " + there[n])])); }
    });
  }
  function all() { paint(); told(); rank(); key(); }

  lifecircle.search(D, [{kind: T.level, n: A.n, name: label, id: function () { return ""; }, show: show}]);
  lifecircle.foldable("lc-summary", T.fold_summary);
  lifecircle.foldable("lc-layers", T.fold_layers);
  if (map.getSize().x < 720) { document.querySelectorAll(".lc-folder").forEach(function (button) { button.click(); }); }

  /* --- what is known of one area -------------------------------------------------------------------- */
  var popup = L.popup({maxWidth: 420, minWidth: 260, maxHeight: 340, className: "lc-pop",
                       autoPanPaddingTopLeft: [20, strip.offsetHeight + 14], autoPanPaddingBottomRight: [20, 20]});
  function open(row, at) {
    var parts = [el("header", {}, [el("h3", {}, label(row))])], status = clause && clause.status.get(row);
    if (!A.failed[row] && clause) {
      parts.push(el("p", {}, clause.name));
      parts.push(el("p", {}, [el("b", {}, clause.told.get(row) || (status ? "–" : T.no_figure)), status ? "　" + clause.words[status] : ""]));
    }
    (A.why[row] || []).forEach(function (text) { parts.push(el("p", {"class": "lc-note"}, text)); });
    if (!A.failed[row]) {
      parts.push(el("p", {}, el("a", {href: "../" + encodeURIComponent(A.county.get(row)) + "/map.html"}, T.own_map)));
    }
    popup.setContent(el("article", {"class": "lc-popup", style: {borderTopColor: looks[classOf(row)].line}}, parts)).setLatLng(at).openOn(map);
    popup.getElement().setAttribute("role", "dialog");
    popup.getElement().setAttribute("aria-label", label(row));
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", T.close);
  }
  function show(row) {
    if (!shapes.placed(row)) { return; }
    if (!A.failed[row] && Boolean(A.town[row]) !== towns) { level.value = A.town[row] ? "town" : "county"; towns = Boolean(A.town[row]); all(); }
    map.fitBounds(shapes.bounds(row), {maxZoom: 12, padding: [120, 120], animate: false});
    open(row, [A.at[2 * row] / 1e6, A.at[2 * row + 1] / 1e6]);
  }
  map.on("click", function (event) {
    var row = areas.hit(event.latlng);
    if (row >= 0) { open(row, event.latlng); }
  });

  /* --- names, view, print ---------------------------------------------------------------------------- */
  areas.addTo(map);
  var labels = [];
  for (k = 0; k < A.n; k++) { if (shapes.placed(k)) { labels.push(written(k)); } }
  function written(row) {
    return {text: A.name.get(row), kind: "unit", lat: A.at[2 * row] / 1e6, lon: A.at[2 * row + 1] / 1e6,
            zoom: A.town[row] ? 9.5 : 0, shown: function () { return areas.look[row] !== 255; }};
  }
  names = new lifecircle.Labels(labels, {shapes: shapes, at: A.at, name: function (row) { return A.name.get(row); },
                                     shown: function () { return false; }}, function () { return []; });
  names.addTo(map);
  all();
  map.attributionControl.setPrefix(false);
  L.control.scale({imperial: false, position: "bottomright", maxWidth: 140}).addTo(map);
  var north = L.control({position: "bottomright"});
  north.onAdd = function () {
    return el("div", {"class": "lc-north", role: "img", "aria-label": T.north}, [el("i", {}), el("b", {}, "N")]);
  };
  north.addTo(map);
  map.zoomControl.setPosition("bottomright");
  function fit() {
    if (!D.bounds) { return; }
    var spots = [];
    for (var row = 0; row < A.n; row++) { if (shapes.placed(row)) { spots.push([A.at[2 * row] / 1e6, A.at[2 * row + 1] / 1e6]); } }
    lifecircle.fit(map, D.bounds, spots);
  }
  fit();
  lifecircle.paper(map, names, fit);
};
}());
