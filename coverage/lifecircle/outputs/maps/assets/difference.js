/* The difference map: areas by how their verdict changed, facilities that came, went or moved. `D`
   is the data block written by lifecircle.outputs.maps.difference. */
(function () {
"use strict";
var el = lifecircle.el;

/* Apart under the common kinds of colour blindness, and in lightness too. */
var LOOKS = {
  better: {fill: "#2a9d9b", line: "#0b5c60"},
  worse: {fill: "#e2622b", line: "#93330b"},
  met_anew: {fill: "#bfe3e0", line: "#0b5c60", dash: [5, 4]},
  missed_anew: {fill: "#f6cdb8", line: "#93330b", dash: [5, 4]},
  decided: {fill: "#8fb8de", line: "#2f5f8f"},
  undecided: {fill: "#f6d365", line: "#8a6a00", dash: [5, 4]},
  other: {fill: "#b9a3d6", line: "#5e4488"},
  added: {fill: "#2a9d9b", line: "#0b5c60", hatch: 6},
  removed: {fill: "#8d8d8d", line: "#2b2b2b", hatch: 6, dash: [4, 3]},
  figures: {fill: "#dfe6ea", line: "#6c7f8c"},
  same: {fill: "#f6f6f3", line: "#b9bdb9"}
};
var SIGNS = {added: "＋", removed: "－", changed: "●", same: "·"};

function swatch(way) {
  var look = LOOKS[way], box = el("canvas", {"class": "lc-swatch", width: 52, height: 32, "aria-hidden": "true"});
  var c = box.getContext("2d");
  c.scale(2, 2);
  c.beginPath(); c.rect(1.5, 1.5, 23, 13);
  c.globalAlpha = 0.85; c.fillStyle = look.fill; c.fill(); c.globalAlpha = 1;
  if (look.hatch) { c.fillStyle = lifecircle.hatchTile(c, look.hatch); c.fill(); }
  c.strokeStyle = look.line; c.lineWidth = 1.5;
  if (look.dash) { c.setLineDash([3.5, 2.5]); }
  c.stroke();
  return box;
}

function mark(f) {
  var face = el("span", {"class": "lc-f lc-diff lc-diff-" + f.w}, SIGNS[f.w]);
  return L.marker(f.at, {icon: L.divIcon({className: "lc-icon", html: face, iconSize: [0, 0]}),
                         keyboard: f.w !== "same", title: f.n, alt: f.n, zIndexOffset: f.w === "same" ? 0 : 500});
}

function popupOf(name, colour, parts) {
  return el("article", {"class": "lc-popup", style: {borderTopColor: colour}}, [
    el("header", {}, [el("h3", {}, name)])
  ].concat(parts));
}

lifecircle.start = function (map) {
  var D = lifecircle.unpack(document.getElementById("lc-data").textContent), T = D.text, A = D.areas, k;
  var strip = document.getElementById("lc-banners");
  document.documentElement.lang = D.lang;
  D.banners.forEach(function (text) { strip.appendChild(el("li", {}, text)); });
  document.documentElement.style.setProperty("--top", strip.offsetHeight + "px");

  var labels = [], names = null, shown = {}, entries = {}, sections = [];
  var ground = lifecircle.ground(map, D, labels);
  var shapes = new lifecircle.Shapes(A.shape), looks = D.ways.map(function (way, n) {
    var look = LOOKS[way.key];
    return L.extend({rank: D.ways.length - n, fillOpacity: 0.82, weight: way.key === "same" ? 1 : 2, opacity: 1}, look);
  });
  var areas = new lifecircle.Compact(shapes, looks, {pane: lifecircle.pane(map, "data", 400, true)});
  map.createPane("names").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";

  function paint() {
    for (k = 0; k < A.n; k++) { areas.look[k] = shapes.placed(k) && shown[D.ways[A.way[k]].key] ? A.way[k] : 255; }
    areas.refresh();
    if (names) { names.draw(); }
  }
  var rows = D.ways.filter(function (way) { return way.count; }).map(function (way) {
    shown[way.key] = true;
    return [{id: "way:" + way.key, label: way.label, on: true, count: way.count, set: function (on) {
      shown[way.key] = on;
      paint();
    }}, swatch(way.key)];
  });
  sections.push([T.legend, true, rows]);

  var groups = {}, marks = [];
  /* an area known as a point is not hidden by the ring of its own rooms */
  function standAside() {
    lifecircle.standAside(map, {shapes: shapes, at: A.at}, function (each) { marks.forEach(each); }, 0);
    if (names) { names.draw(); }
  }
  D.facilities.forEach(function (f) {
    if (!f.at) { return; }
    var group = groups[f.w] = groups[f.w] || L.featureGroup(), one = mark(f);
    one.feature = f;
    marks.push(one);
    group.addLayer(one);
    if (f.from) {
      group.addLayer(L.polyline([f.from, f.at], {color: "#5e4488", weight: 2, dashArray: "5 4", interactive: false}));
    }
  });
  sections.push([T.facilities, true, ["added", "removed", "changed", "same"].filter(function (w) { return groups[w]; }).map(function (w) {
    var count = D.facilities.filter(function (f) { return f.w === w; }).length;
    var item = lifecircle.entry(map, "facility:" + w, T["facility." + w], true, function () { return [groups[w]]; }, {count: count, after: standAside});
    item.set(true);
    return [item, el("span", {"class": "lc-f lc-diff lc-diff-legend lc-diff-" + w, "aria-hidden": "true"}, SIGNS[w])];
  })]);
  var base = [];
  [["streets", T.streets], ["barriers", T.barriers]].forEach(function (one) {
    if (!ground[one[0]].length) { return; }
    entries[one[0]] = lifecircle.entry(map, one[0], one[1], true, function () { return ground[one[0]]; },
                                       {after: function () { if (names) { names.draw(); } }});
    entries[one[0]].set(true);
    base.push([entries[one[0]], el("span", {"class": "lc-line" + (one[0] === "streets" ? " lc-line-street" : ""),
                                            style: one[0] === "streets" ? {} : {borderColor: "#9cc5de"}, "aria-hidden": "true"})]);
  });
  ground.streetsOn = function () { return Boolean(entries.streets && entries.streets.on); };
  ground.barriersOn = function () { return Boolean(entries.barriers && entries.barriers.on); };
  sections.push([T.base || T.layers, false, base]);
  areas.addTo(map);
  paint();

  /* --- cards ------------------------------------------------------------------------------------ */
  var card = document.getElementById("lc-summary");
  card.appendChild(el("h1", {}, D.title));
  D.sides.forEach(function (side) { card.appendChild(el("p", {"class": "lc-sub"}, side[0] + "　" + side[1])); });
  if (D.headline) {
    card.appendChild(el("section", {"class": "lc-headline"}, [
      el("h2", {}, D.headline.name),
      el("p", {"class": "lc-figure"}, [el("b", {}, D.headline.before + " → " + D.headline.after), el("span", {}, D.headline.change)])
    ]));
  }
  D.facts.forEach(function (text) { card.appendChild(el("p", {"class": "lc-note"}, text)); });
  if (D.units.length) {
    card.appendChild(el("details", {"class": "lc-group"}, [el("summary", {}, T.ranking), el("table", {"class": "lc-diff-units"}, [
      el("tbody", {}, D.units.map(function (u) { return el("tr", {}, [
        el("th", {scope: "row"}, u[0]), el("td", {}, u[1] + " → " + u[2]), el("td", {}, u[3])
      ]); }))
    ]), el("p", {"class": "lc-note"}, D.more)]));
  }
  lifecircle.layerControl(D, sections, []);
  lifecircle.search(D, [
    {kind: T.area, n: A.n, name: function (row) { return A.name.get(row); }, id: function () { return ""; }, show: showArea},
    {kind: T.facility, n: marks.length, name: function (row) { return marks[row].feature.n; }, id: function () { return ""; },
     show: function (row) { map.setView(marks[row].getLatLng(), 16, {animate: false}); openFacility(marks[row]); }}
  ]);
  lifecircle.foldable("lc-summary", T.fold);
  lifecircle.foldable("lc-layers", T.fold);
  if (map.getSize().x < 720) { document.querySelectorAll(".lc-folder").forEach(function (button) { button.click(); }); }

  /* --- what is known of one place ------------------------------------------------------------------ */
  var popup = L.popup({maxWidth: 420, minWidth: 300, maxHeight: 340, className: "lc-pop",
                       autoPanPaddingTopLeft: [20, strip.offsetHeight + 14], autoPanPaddingBottomRight: [20, 20]});
  function open(content, at, name) {
    popup.setContent(content).setLatLng(at).openOn(map);
    popup.getElement().setAttribute("role", "dialog");
    popup.getElement().setAttribute("aria-label", name);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", T.close);
  }
  function openArea(row, at) {
    var told = A.told[row], way = D.ways[A.way[row]], parts = [el("p", {}, el("b", {}, way.label))];
    if (told) {
      parts.push(el("p", {}, T.headline + "　" + told.v[0] + " → " + told.v[1]));
      parts.push(el("h4", {}, told.f.length ? T.findings : T.no_findings));
      told.f.forEach(function (f) {
        parts.push(el("p", {"class": "lc-diff-finding"}, [el("b", {}, f[0]), el("br"), f[1] + " → " + f[2], el("br"),
                                                          el("span", {"class": "lc-diff-why"}, T.why + "　" + f[3])]));
      });
    }
    open(popupOf(A.name.get(row), LOOKS[way.key].line, parts), at, A.name.get(row));
  }
  function openFacility(one) {
    var f = one.feature, parts = [el("p", {}, el("b", {}, T["facility." + f.w]))];
    if (f.s) { parts.push(el("p", {}, f.s)); }
    open(popupOf(f.n, "#1d3557", parts), one.getLatLng(), f.n);
  }
  function showArea(row) {
    if (!shapes.placed(row)) { return; }
    map.fitBounds(shapes.bounds(row), {maxZoom: 16, padding: [120, 120], animate: false});
    openArea(row, [A.at[2 * row] / 1e6, A.at[2 * row + 1] / 1e6]);
  }
  map.on("click", function (event) {
    var row = areas.hit(event.latlng);
    if (row >= 0) { openArea(row, event.latlng); }
  });
  marks.forEach(function (one) {
    one.on("click", function (event) { L.DomEvent.stopPropagation(event); openFacility(one); });
    one.on("keypress", function (event) { if (event.originalEvent.key === "Enter") { openFacility(one); } });
  });

  /* --- names, view, print ------------------------------------------------------------------------------ */
  names = new lifecircle.Labels(labels, {shapes: shapes, at: A.at, name: function (row) { return A.name.get(row); },
                                         shown: function (row) { return areas.look[row] !== 255; }}, function () {
    return marks.filter(function (one) { return one.feature.w !== "same"; }).map(function (one) {
      var p = map.latLngToContainerPoint(one.getLatLng()).add(one.aside || [0, 0]);
      return [p.x - 12, p.y - 12, p.x + 12, p.y + 12];
    });
  });
  names.addTo(map);
  map.attributionControl.setPrefix(false);
  D.attribution.forEach(function (text) { map.attributionControl.addAttribution(el("span", {}, text).outerHTML); });
  L.control.scale({imperial: false, position: "bottomright", maxWidth: 140}).addTo(map);
  var north = L.control({position: "bottomright"});
  north.onAdd = function () {
    return el("div", {"class": "lc-north", role: "img", "aria-label": T.north}, [el("i", {}), el("b", {}, "N")]);
  };
  north.addTo(map);
  map.zoomControl.setPosition("bottomright");
  function fit() {
    if (!D.bounds) { return; }
    var spots = D.facilities.filter(function (f) { return f.at; }).map(function (f) { return f.at; });
    for (var row = 0; row < A.n; row++) { if (shapes.placed(row)) { spots.push([A.at[2 * row] / 1e6, A.at[2 * row + 1] / 1e6]); } }
    lifecircle.fit(map, D.bounds, spots);
  }
  map.on("zoomend", standAside);
  fit();
  standAside();
  lifecircle.paper(map, names, fit);
};
}());
