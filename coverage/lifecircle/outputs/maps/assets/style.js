/* How things look: colours by verdict, hatching by coverage, strokes by class. One place for all. */
var lifecircle = {};

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
  none: {fill: "#ffffff", line: "#9aa09c", dash: "2 4"}
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
  units: {color: "#6c7480", weight: 1.6, dash: "9 4 2 4", fill: "#000000", fillOpacity: 0},
  disagreements: {color: "#c2185b", weight: 3, dash: null, fill: "#c2185b", fillOpacity: 0.06},
  close_calls: {color: "#111827", weight: 2.5, dash: "4 3", fill: "#111827", fillOpacity: 0.04},
  street_diagnosis: {color: "#d97706", weight: 3.5, dash: "6 4", fill: "#d97706", fillOpacity: 0.08},
  gate_effects: {color: "#047857", weight: 3, dash: null, fill: "#ffffff", fillOpacity: 1},
  gates: {color: "#374151", weight: 1.5, dash: null, fill: "#ffffff", fillOpacity: 1}
};

lifecircle.areaStyle = function (feature) {
  var v = lifecircle.VERDICTS[feature.v] || lifecircle.VERDICTS.none;
  return {
    color: v.line, weight: feature.v === "deficient" ? 2.2 : 1.5, opacity: 0.95, dashArray: v.dash,
    fill: true, fillColor: v.fill, fillOpacity: 0.8, hatch: lifecircle.HATCHES[feature.c] || 0
  };
};

/* A canvas that can hatch, and draw diamonds. Leaflet is vendored in one version, so its inner
   drawing step may be extended. */
var tiles = {};
function hatchTile(ctx, gap) {
  if (!tiles[gap]) {
    var tile = document.createElement("canvas"), c = tile.getContext("2d");
    tile.width = tile.height = gap;
    c.strokeStyle = "rgba(255,255,255,.85)";
    c.lineWidth = 1.3;
    c.beginPath();
    for (var k = -1; k <= 1; k++) {
      c.moveTo(k * gap - 1, gap + 1);
      c.lineTo((k + 1) * gap + 1, -1);
    }
    c.stroke();
    tiles[gap] = tile;
  }
  return ctx.createPattern(tiles[gap], "repeat");
}

lifecircle.Canvas = L.Canvas.extend({
  _fillStroke: function (ctx, layer) {
    var o = layer.options;
    if (o.fill && o.hatch) {
      ctx.globalAlpha = o.fillOpacity;
      ctx.fillStyle = o.fillColor || o.color;
      ctx.fill(o.fillRule || "evenodd");
      ctx.globalAlpha = 1;
      ctx.fillStyle = hatchTile(ctx, o.hatch);
      ctx.fill(o.fillRule || "evenodd");
      o.fill = false;
      L.Canvas.prototype._fillStroke.call(this, ctx, layer);
      o.fill = true;
    } else {
      L.Canvas.prototype._fillStroke.call(this, ctx, layer);
    }
  },
  drawDiamond: function (layer) {
    if (!this._drawing || layer._empty()) { return; }
    var p = layer._point, r = layer._radius, ctx = this._ctx;
    ctx.beginPath();
    ctx.moveTo(p.x, p.y - r); ctx.lineTo(p.x + r, p.y); ctx.lineTo(p.x, p.y + r);
    ctx.lineTo(p.x - r, p.y); ctx.closePath();
    this._fillStroke(ctx, layer);
  }
});

/* An area known only as a point. */
lifecircle.Diamond = L.CircleMarker.extend({
  _updatePath: function () { this._renderer.drawDiamond(this); }
});

/* Geometry: [dimension, parts], coordinates as integers of 1e-6 degree, each after the first as
   the step from the one before: lat, lon, dlat, dlon, … */
function line(flat) {
  var out = [], lat = 0, lon = 0;
  for (var i = 0; i < flat.length; i += 2) {
    lat += flat[i]; lon += flat[i + 1];
    out.push([lat / 1e6, lon / 1e6]);
  }
  return out;
}
lifecircle.decode = function (geometry) {
  return geometry[0] === 2
    ? geometry[1].map(function (rings) { return rings.map(line); })
    : geometry[1].map(line);
};

/* Make the Leaflet layer of one geometry. */
lifecircle.shape = function (geometry, style, renderer, interactive) {
  var options = L.extend({renderer: renderer, interactive: !!interactive}, style);
  var parts = lifecircle.decode(geometry);
  if (geometry[0] === 2) { return L.polygon(parts, options); }
  if (geometry[0] === 1) { return L.polyline(parts, L.extend(options, {fill: false})); }
  var Marker = style.diamond ? lifecircle.Diamond : L.CircleMarker;
  var points = parts.map(function (p) { return new Marker(p[0], options); });
  return points.length === 1 ? points[0] : L.featureGroup(points);
};

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
lifecircle.swatch = function (verdict, coverage, diamond) {
  var v = lifecircle.VERDICTS[verdict] || lifecircle.VERDICTS.none, ratio = 2;
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
  if (gap) { c.fillStyle = hatchTile(c, gap); c.fill(); }
  outline();
  c.strokeStyle = v.line; c.lineWidth = 1.5;
  if (v.dash) { c.setLineDash([3.5, 2.5]); }
  c.stroke();
  return box;
};
}());
