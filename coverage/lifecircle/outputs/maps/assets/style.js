/* How things look: colours by verdict, hatching by coverage, strokes by class. One place for all. */

(function () {
"use strict";

/* Verdict colours keep apart under the common kinds of colour blindness (after Okabe and Ito) and
   differ in lightness too, so that they survive a black-and-white copy. */
lifecircle.VERDICTS = {
  compliant: {fill: "#2a9d9b", line: "#0b5c60"},
  deficient: {fill: "#e2622b", line: "#93330b"},
  not_assessed: {fill: "#f6d365", line: "#8a6a00", dash: "5 4"},
  exempt: {fill: "#a98fcb", line: "#5e4488"},
  not_applicable: {fill: "#d3d6d4", line: "#9aa09c"},
  not_in_force: {fill: "#c3cfdd", line: "#7f90a5"},
  reported: {fill: "#9dbfe0", line: "#4a76a3"},
  reference: {fill: "#eceeef", line: "#9aa09c"},
  none: {fill: "#ffffff", line: "#9aa09c", dash: "2 4"},
  cue: {fill: "#8ea2b2", line: "#5b6c7a"}  /* no verdict: the legend of the hatching */
};

/* Coverage is the second cue: plain, sparse or dense white hatching over the verdict's colour. */
lifecircle.HATCHES = {full: 0, partial: 9, none: 5, unknown: 0};

lifecircle.REACH = {
  community: "#1f6fb2", centre: "#7a3e9d", canteen: "#b0413e", village: "#4f7a28"
};

lifecircle.BARRIERS = {
  river: {color: "#bcd9ea", weight: 7, opacity: 1},
  railway: {color: "#a2a7ad", weight: 2, opacity: 1, dash: "6 5", bed: "#dcdee0"},
  motorway: {color: "#e3c58f", weight: 5, opacity: 1},
  wall: {color: "#8a7f72", weight: 1.5, opacity: 0.8, dash: "2 3"}
};

/* Street classes: [width at zoom 14, casing]. */
lifecircle.STREETS = {
  major: {width: 4.6, fill: "#ffffff", casing: "#c3beb1"},
  middle: {width: 3.2, fill: "#ffffff", casing: "#cdc9bd"},
  minor: {width: 1.9, fill: "#ffffff", casing: "#d6d3c9"},
  path: {width: 1.1, fill: "#d9d6cc", casing: null, dash: "3 3"}
};

lifecircle.OVERLAYS = {
  disagreements: {color: "#c2185b", weight: 3, dash: null, fill: "#c2185b", fillOpacity: 0.06},
  routes: {color: "#9d174d", weight: 4, dash: null, fill: "#9d174d", fillOpacity: 0},
  close_calls: {color: "#111827", weight: 2.5, dash: "4 3", fill: "#111827", fillOpacity: 0.04},
  street_diagnosis: {color: "#d97706", weight: 3.5, dash: "6 4", fill: "#d97706", fillOpacity: 0.08},
  gate_effects: {color: "#047857", weight: 3, dash: null, fill: "#ffffff", fillOpacity: 1},
  proposed: {color: "#a3195b", weight: 3, dash: null, fill: "#ffffff", fillOpacity: 1},
  gates: {color: "#374151", weight: 1.5, dash: null, fill: "#ffffff", fillOpacity: 1}
};

/* Service districts, one after the other: light fills under dark lines (after Tol). */
lifecircle.DISTRICTS = ["#4477aa", "#cc6677", "#228833", "#aa6c00", "#66228c", "#117a8b", "#7a5230", "#3b3b3b"];
lifecircle.districtLook = function (number) {
  var color = lifecircle.DISTRICTS[number % lifecircle.DISTRICTS.length];
  return {color: color, weight: 2.2, dash: null, fill: color, fillOpacity: 0.16};
};

/* A check that no document asks for has a hue of its own, darker where it is missed: seen on the map,
   and never taken for a verdict. */
lifecircle.REFERENCES = {
  compliant: {fill: "#aab4dc", line: "#5a66a3", dark: true},
  deficient: {fill: "#4a5591", line: "#2b3360"},
  not_assessed: {fill: "#eef0f8", line: "#5a66a3", dash: "5 4", dark: true}
};

/* Rates of units, least to most: one hue, darker for more (ColorBrewer PuBu). */
lifecircle.RATES = [
  [20, "#f1eef6"], [40, "#d0d1e6"], [60, "#a6bddb"], [80, "#74a9cf"], [99.95, "#2b8cbe"], [101, "#045a8d"]
];
lifecircle.rateClass = function (rate) {
  for (var k = 0; k < lifecircle.RATES.length; k++) { if (rate < lifecircle.RATES[k][0]) { return k; } }
  return lifecircle.RATES.length - 1;
};

lifecircle.LINKS = {
  own: {color: "#0b5c60", weight: 2},
  recorded: {color: "#1b7f7d", weight: 1.8, dash: "2 4"},
  suggested: {color: "#8a2f6b", weight: 2, dash: "7 5"},
  walk: {color: "#1f6fb2", weight: 2.2},
  radius: {color: "#1f6fb2", weight: 1.6, dash: "3 5"}
};

lifecircle.verdict = function (status, reference) {
  return (reference && lifecircle.REFERENCES[status]) || lifecircle.VERDICTS[status] || lifecircle.VERDICTS.none;
};

/* White hatching, dark on a pale colour; a tile repeated. */
var tiles = {};
lifecircle.hatchTile = hatchTile;
function hatchTile(ctx, gap, dark) {
  var key = gap + (dark ? "d" : "");
  if (!tiles[key]) {
    var tile = document.createElement("canvas"), c = tile.getContext("2d");
    tile.width = tile.height = gap;
    c.strokeStyle = dark ? "rgba(70,80,90,.55)" : "rgba(255,255,255,.85)";
    c.lineWidth = 1.3;
    c.beginPath();
    for (var k = -1; k <= 1; k++) {
      c.moveTo(k * gap - 1, gap + 1);
      c.lineTo((k + 1) * gap + 1, -1);
    }
    c.stroke();
    tiles[key] = tile;
  }
  return ctx.createPattern(tiles[key], "repeat");
}

/* Small building blocks of the page; text always goes in as text, never as markup. */
lifecircle.el = function (tag, attributes, children) {
  var node = document.createElement(tag);
  Object.keys(attributes || {}).forEach(function (key) {
    if (attributes[key] === null || attributes[key] === undefined) { return; }
    if (key === "class") { node.className = attributes[key]; }
    else if (key === "style") { L.extend(node.style, attributes[key]); }
    else { node.setAttribute(key, attributes[key]); }
  });
  [].concat(children === undefined || children === null ? [] : children).forEach(function (child) {
    if (child === null || child === undefined) { return; }
    node.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
  });
  return node;
};

/* A legend swatch: the verdict's colour, outline and hatching, as drawn on the map. */
lifecircle.swatch = function (status, coverage, diamond, reference) {
  var v = lifecircle.verdict(status, reference), ratio = 2;
  var box = lifecircle.el("canvas", {"class": "lc-swatch", width: 26 * ratio, height: 16 * ratio,
                                     "aria-hidden": "true"});
  var c = box.getContext("2d"), gap = lifecircle.HATCHES[coverage] || 0;
  c.scale(ratio, ratio);
  function outline() {
    c.beginPath();
    if (diamond) { c.moveTo(13, 1.5); c.lineTo(19.5, 8); c.lineTo(13, 14.5); c.lineTo(6.5, 8); c.closePath(); }
    else { c.rect(1.5, 1.5, 23, 13); }
  }
  outline();
  c.globalAlpha = 0.85; c.fillStyle = v.fill; c.fill(); c.globalAlpha = 1;
  if (gap) { c.fillStyle = hatchTile(c, gap, v.dark); c.fill(); }
  outline();
  c.strokeStyle = v.line; c.lineWidth = 1.5;
  if (v.dash) { c.setLineDash([3.5, 2.5]); }
  c.stroke();
  return box;
};
}());
