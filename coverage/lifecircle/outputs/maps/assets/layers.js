/* What lies on the map beside areas and units: the ground, reach, facilities, what is checked.
   A layer's shapes are made when it is first shown. */
(function () {
"use strict";
var el = lifecircle.el;

lifecircle.pane = function (map, name, z, clickable) {
  var node = map.createPane(name);
  node.style.zIndex = z;
  if (!clickable) { node.style.pointerEvents = "none"; }
  return name;
};
lifecircle.canvas = function (map, name, z, clickable) {
  return new L.Canvas({pane: lifecircle.pane(map, name, z, clickable), padding: 0.25, tolerance: 3});
};

/* An entry of the layer control whose layers `make` returns on first use. */
lifecircle.entry = function (map, id, label, on, make, more) {
  var layers = null, item = L.extend({id: id, label: label, on: on, set: function (shown) {
    item.on = shown;
    if (shown && !layers) { layers = make(); }
    (layers || []).forEach(function (layer) { if (shown) { layer.addTo(map); } else { layer.remove(); } });
    if (item.after) { item.after(shown); }
  }}, more);
  return item;
};

function dashes(text) { return text ? text.split(" ").map(Number) : null; }

/* Rivers and railways, streets by class, and their names. */
lifecircle.ground = function (map, D, labels) {
  var order = ["path", "minor", "middle", "major"], casings = [], cores = [];
  var barriers = new lifecircle.Shapes(D.barriers.shape), streets = new lifecircle.Shapes(D.streets.shape), k;
  order.forEach(function (name) {
    var s = lifecircle.STREETS[name];
    if (s.casing) { casings.push(name); }
    cores.push(name);
  });
  function compact(shapes, pane, z, make) {
    var looks = [], layer = new lifecircle.Compact(shapes, looks, {pane: lifecircle.pane(map, pane, z)});
    make(layer, looks);
    return layer;
  }
  var found = {labels: labels, streets: [], barriers: []};
  if (barriers.n) {
    found.barriers = [compact(barriers, "ground", 210, function (layer, looks) {
      var numbers = {};
      for (k = 0; k < barriers.n; k++) {
        var kind = lifecircle.BARRIERS[D.barriers.kind.get(k)] ? D.barriers.kind.get(k) : "wall", b = lifecircle.BARRIERS[kind];
        var key = kind + barriers.dim[k];
        if (numbers[key] === undefined) {
          numbers[key] = looks.length;
          looks.push({rank: kind === "river" ? 0 : 1, fill: b.color, fillOpacity: barriers.dim[k] === 2 ? 1 : 0, line: b.color,
                      weight: barriers.dim[k] === 2 ? 1 : b.weight, opacity: b.opacity, dash: barriers.dim[k] === 1 ? dashes(b.dash) : null});
        }
        layer.look[k] = numbers[key];
        if (D.barriers.name.get(k) && barriers.dim[k] === 1) {
          name(barriers, k, D.barriers.name.get(k), kind === "river" ? "water" : "street", 13, function () { return found.barriersOn(); });
        }
      }
    })];
  }
  if (streets.n) {
    var ZOOMS = {major: 13.5, middle: 14.5, minor: 16, path: 17};
    [casings, cores].forEach(function (names, n) {
      found.streets.push(compact(streets, n ? "streets" : "casings", n ? 232 : 231, function (layer, looks) {
        names.forEach(function (name) {
          var s = lifecircle.STREETS[name];
          looks.push({rank: looks.length, fill: "#000", fillOpacity: 0, line: n ? s.fill : s.casing, weight: 1, dash: n ? dashes(s.dash) : null,
                      width: s.width, extra: n ? 0 : 1.6});
        });
        for (k = 0; k < streets.n; k++) {
          var at = names.indexOf(D.streets["class"].get(k));
          layer.look[k] = at < 0 ? 255 : at;
        }
      }));
    });
    for (k = 0; k < streets.n; k++) {
      if (D.streets.name.get(k)) {
        name(streets, k, D.streets.name.get(k), "street", ZOOMS[D.streets["class"].get(k)], function () { return found.streetsOn(); });
      }
    }
    map.on("zoomend", scale);
    scale();
  }
  function name(shapes, k, text, kind, zoom, shown) {
    for (var r = shapes.ringOf[k]; r < shapes.ringOf[k + 1]; r++) { labels.push({text: text, kind: kind, shapes: shapes, ring: r, zoom: zoom, shown: shown}); }
  }
  function scale() {
    var factor = Math.pow(1.32, map.getZoom() - 14);
    found.streets.forEach(function (layer) {
      layer.looks.forEach(function (look) { look.weight = Math.max(0.5, look.width * factor) + look.extra; });
    });
  }
  return found;
};

/* A line as wide as so many metres to either side are at the zoom shown. */
function wide(map, line, side) {
  function fit() {
    var middle = line.getBounds().getCenter(), one = map.project(middle, map.getZoom());
    var metres = map.distance(middle, map.unproject(one.add([100, 0]), map.getZoom())) / 100;
    line.setStyle({weight: Math.max(3, 2 * side / metres)});
  }
  line.on("add", fit);
  map.on("zoomend", fit);
  return line;
}

/* Service areas and reached streets, one entry a method, group and threshold. */
lifecircle.reachEntries = function (map, D) {
  var fills = lifecircle.canvas(map, "reach", 220), lines = lifecircle.canvas(map, "walked", 240), rows = {walk: [], radius: []};
  D.reach.forEach(function (r) {
    var colour = lifecircle.REACH[r.group] || "#1f6fb2", walk = r.method === "walk";
    var item = lifecircle.entry(map, r.id, r.label, r.on, function () {
      var areas = new lifecircle.Shapes(r.areas), streets = new lifecircle.Shapes(r.streets), out = [], k;
      for (k = 0; k < areas.n; k++) {
        out.push(areas.layer(k, {color: colour, weight: walk ? 1.2 : 1.6, opacity: walk ? 0.55 : 0.8, dashArray: walk ? null : "7 5",
                                 fill: true, fillColor: colour, fillOpacity: walk ? 0.13 : 0.05}, fills));
      }
      if (r.side) {
        for (k = 0; k < streets.n; k++) { out.push(wide(map, streets.layer(k, {color: colour, opacity: 0.16}, fills), r.side)); }
      }
      for (k = 0; k < streets.n; k++) { out.push(streets.layer(k, {color: colour, weight: 2.2, opacity: 0.6}, lines)); }
      return out;
    });
    rows[walk ? "walk" : "radius"].push([item, el("span", {
      "class": "lc-line" + (walk ? "" : " lc-line-dashed"), style: {borderColor: colour}, "aria-hidden": "true"})]);
  });
  return rows;
};

function faces(D, kinds) { return kinds.slice(0, 3).map(function (kind) { return D.glyphs[kind] || "·"; }).join(""); }

function named(layer, feature) {
  layer.on("add", function () {
    layer.getElement().setAttribute("role", "button");
    layer.getElement().setAttribute("aria-label", feature.n + (feature.s ? ", " + feature.s : ""));
  });
}
function icon(classes, text) {
  return L.divIcon({className: "lc-icon", html: el("span", {"class": classes}, text), iconSize: [0, 0]});
}

/* Where a symbol goes that would hide a diamond (an area known as a point), in pixels from it: above
   or beside it, since the area's name stands below. One symbol a place, and the place is in its card. */
var ASIDE = [[14, -14], [-14, -14], [20, 0], [-20, 0], [0, -21], [14, 14], [-14, 14]], CELL = 16;

/* Move the symbols that stand on a diamond off it: `areas`: {shapes, at}, `every`: calls a function with each
   symbol; `least`: the zoom from which they are no dots. */
lifecircle.standAside = function (map, areas, every, least) {
  var S = areas.shapes, cells = {}, taken = {}, apart = map.getZoom() >= least;
  function cell(x, y) { return Math.floor(x / CELL) + "/" + Math.floor(y / CELL); }
  for (var k = 0; apart && k < S.n; k++) {
    if (S.dim[k] !== 0) { continue; }
    var p = map.project([areas.at[2 * k] / 1e6, areas.at[2 * k + 1] / 1e6]), key = cell(p.x, p.y);
    (cells[key] = cells[key] || []).push([p, k]);
  }
  function hidden(at) {
    var best = null, near = CELL;
    for (var i = -1; i <= 1; i++) {
      for (var j = -1; j <= 1; j++) {
        (cells[cell(at.x + i * CELL, at.y + j * CELL)] || []).forEach(function (one) {
          if (one[0].distanceTo(at) < near) { near = one[0].distanceTo(at); best = one; }
        });
      }
    }
    return best;
  }
  every(function (layer) {
    var at = map.project(layer.getLatLng()), over = apart && hidden(at), node = layer.getElement();
    layer.aside = [0, 0];
    if (over) {
      var slot = ASIDE[(taken[over[1]] = (taken[over[1]] || 0) + 1) - 1];
      layer.aside = slot ? [over[0].x + slot[0] - at.x, over[0].y + slot[1] - at.y] : layer.aside;
    }
    if (node) { node.style.marginLeft = layer.aside[0] + "px"; node.style.marginTop = layer.aside[1] + "px"; }
  });
};

/* Facility symbols: a glyph a kind, a look a stage; both can be switched. */
lifecircle.facilityMarks = function (map, D, changed) {
  var group = L.featureGroup(), shown = {kinds: {}, stages: {}}, marks = [];
  function aside(least) {
    lifecircle.standAside(map, {shapes: D.shapes, at: D.areas.at}, function (each) { group.eachLayer(each); }, least);
  }
  D.facilities.forEach(function (f, k) {
    f.subject = "facilities"; f.row = k; f.nowhere = !f.at;
    if (!f.at) { return; }
    var layer = L.marker(f.at, {icon: icon("lc-f lc-stage-" + f.st + (f.big ? " lc-big" : ""), faces(D, f.kinds)), keyboard: true,
                                riseOnHover: true, zIndexOffset: f.big ? 300 : f.st === "open" ? 200 : 0});
    named(layer, f);
    layer.feature = f;
    marks[k] = layer;
  });
  function filter() {
    marks.forEach(function (layer) {
      var f = layer.feature, on = shown.stages[f.st] && f.kinds.some(function (kind) { return shown.kinds[kind]; });
      if (on) { group.addLayer(layer); } else { group.removeLayer(layer); }
    });
    changed();
  }
  function entries(items, kept, prefix, swatch) {
    return items.map(function (item) {
      kept[item.key] = true;
      var entry = {id: prefix + item.key, label: item.label, on: true, count: item.count, set: function (on) {
        entry.on = kept[item.key] = on;
        filter();
      }};
      return [entry, swatch(item)];
    });
  }
  var kinds = entries(D.kinds, shown.kinds, "kind:", function (item) {
    return el("span", {"class": "lc-f lc-stage-open lc-mini" + (item.big ? " lc-big" : ""), "aria-hidden": "true"}, D.glyphs[item.key] || "·");
  });
  var stages = entries(D.stages, shown.stages, "stage:", function (item) {
    return el("span", {"class": "lc-f lc-mini lc-stage-" + item.key, "aria-hidden": "true"}, "\u00a0");
  });
  return {group: group, marks: marks, kinds: kinds, stages: stages, filter: filter, aside: aside};
};

/* What is checked, and sites; every feature clickable. `found(feature, layer, entry)` hears of each. */
lifecircle.overlayEntries = function (map, D, canvas, ranked) {
  return D.overlays.map(function (o) {
    var shapes = new lifecircle.Shapes(o.shape), style = o.id.split(":")[0], marker = style === "sites" || style === "proposed";
    var look = lifecircle.OVERLAYS[style] || lifecircle.OVERLAYS.gates, layers = [];
    if (o.look !== undefined) { look = lifecircle.districtLook(o.look); }
    function layer(k) {
      if (layers[k] || !shapes.placed(k)) { return layers[k]; }
      var f = o.features[k];
      if (marker) {
        layers[k] = L.marker(shapes.lines(k)[0][0], {icon: icon("lc-f lc-" + (style === "sites" ? "site" : "proposed"), D.glyphs.site), keyboard: true, riseOnHover: true,
                                                     zIndexOffset: style === "sites" ? 0 : 400});
        named(layers[k], f);
      } else {
        layers[k] = shapes.layer(k, {color: look.color, weight: look.weight, dashArray: look.dash, fill: true, fillColor: look.fill,
                                     fillOpacity: f.k === "host" ? 0.9 : look.fillOpacity, radius: style === "gates" ? 3.5 : f.k === "unit" ? 7 : 9}, canvas, true);
      }
      if (f.k === "unit" && !layers[k].eachLayer) { layers[k].bindTooltip(f.n, {permanent: true, direction: shapes.dim[k] === 2 ? "center" : "right", className: "lc-town"}); }
      layers[k].feature = f;
      if (layers[k].eachLayer) { layers[k].eachLayer(function (part) { part.feature = f; }); }
      return layers[k];
    }
    o.features.forEach(function (f, k) { f.nowhere = !shapes.placed(k); });
    var group = L.featureGroup(), round = shapes.n > 0;
    for (var k = 0; k < shapes.n; k++) { round = round && (shapes.dim[k] === 0 || shapes.dim[k] === 255); }
    var item = lifecircle.entry(map, o.id, o.label, o.on, function () {
      o.features.forEach(function (f, k) { if (layer(k)) { group.addLayer(layer(k)); } });
      return [group];
    }, {count: o.count});
    if (!marker) { ranked.push(group); }
    return {overlay: o, shapes: shapes, item: item, group: group, layer: layer, swatch: marker
      ? el("span", {"class": "lc-f lc-mini lc-" + (style === "sites" ? "site" : "proposed"), "aria-hidden": "true"}, D.glyphs.site)
      : el("span", {"class": (round ? "lc-ring" : "lc-line") + (look.dash ? " lc-line-dashed" : ""), style: {borderColor: look.color}, "aria-hidden": "true"})};
  });
};

/* Who serves whom: lines of the allocation, and those of one area or one facility on hover. */
lifecircle.Links = function (map, D) {
  var canvas = lifecircle.canvas(map, "links", 560), shown = L.layerGroup().addTo(map), A = D.areas;
  function area(k) { return D.shapes.placed(k) ? [A.at[2 * k] / 1e6, A.at[2 * k + 1] / 1e6] : null; }
  function line(f, k, look) { return between(D.facilities[f] && D.facilities[f].at, k, look); }
  function between(from, k, look) {
    var to = k < 0 ? null : area(k);
    return from && to ? L.polyline([from, to], {renderer: canvas, interactive: false, color: look.color, weight: look.weight,
                                                dashArray: look.dash || null, opacity: 0.9}) : null;
  }
  function draw(pairs) {
    shown.clearLayers();
    pairs.slice(0, 400).forEach(function (p) { var l = line(p[0], p[1], lifecircle.LINKS[p[2]]); if (l) { shown.addLayer(l); } });
  }
  function allocated(test) {
    var out = [];
    for (var n = 0; n < D.links.facility.length; n++) {
      if (D.links.basis[n] < D.links.bases.length && test(n)) { out.push([D.links.facility[n], D.links.area[n], D.links.bases[D.links.basis[n]]]); }
    }
    return out;
  }
  function main(k) {
    /* of a village the village's group is the main one */
    var rural = A.setting.get(k) === "rural";
    return D.reach_of.filter(function (r) { return r.rural_only === rural; })[0] || D.reach_of[0];
  }
  return {
    clear: function () { shown.clearLayers(); },
    ofArea: function (k) {
      var r = main(k), pairs = allocated(function (n) { return D.links.area[n] === k; });
      if (r && r.walk_facility[k] >= 0) { pairs.push([r.walk_facility[k], k, "walk"]); }
      if (r && r.radius_facility[k] >= 0 && r.radius_facility[k] !== r.walk_facility[k]) { pairs.push([r.radius_facility[k], k, "radius"]); }
      draw(pairs);
    },
    ofFacility: function (f) {
      var pairs = allocated(function (n) { return D.links.facility[n] === f; });
      for (var k = 0; k < A.n; k++) {
        var r = main(k);
        if (r && r.walk_facility[k] === f && r.walk_m.get(k) !== null) { pairs.push([f, k, "walk"]); }
      }
      draw(pairs);
      return pairs;
    },
    /* Of a proposed site: lines to the areas it would serve. */
    ofSite: function (at, rows) {
      shown.clearLayers();
      rows.forEach(function (k) { var l = between(at, k, lifecircle.LINKS.suggested); if (l) { shown.addLayer(l); } });
    },
    /* The layer control's entries: one a basis that occurs. */
    entries: function () {
      return D.links.bases.map(function (basis, b) {
        var some = allocated(function (n) { return D.links.basis[n] === b; }), look = lifecircle.LINKS[basis];
        if (!some.length) { return null; }
        return [lifecircle.entry(map, "links:" + basis, D.text["links_" + basis], false, function () {
          return some.map(function (p) { return line(p[0], p[1], look); }).filter(Boolean);
        }, {count: some.length}), el("span", {"class": "lc-line" + (look.dash ? " lc-line-dashed" : ""), style: {borderColor: look.color}, "aria-hidden": "true"})];
      }).filter(Boolean);
    }
  };
};

/* Tiles behind everything, only where the study asks for them; without them the map is as it was. */
lifecircle.basemapEntry = function (map, D) {
  var B = D.basemap, T = D.text, came = false, failed = 0;
  if (!B) { return null; }
  lifecircle.pane(map, "basemap", 200);
  var entry = lifecircle.entry(map, "basemap", T.basemap, true, function () {
    return B.urls.map(function (url) {
      var options = {pane: "basemap", maxNativeZoom: B.max_zoom, maxZoom: 19, attribution: el("i", {}, B.attribution).innerHTML};
      if (B.subdomains.length) { options.subdomains = B.subdomains; }
      return L.tileLayer(url, options).on("tileload", function () {
        came = true;
        map.getContainer().classList.add("lc-tiled");
      }).on("tileerror", function () {
        failed++;
        if (!came && failed > 3 && entry.on) {
          var box = document.querySelector('input[data-layer="basemap"]');
          if (box && box.checked) { box.click(); }
          document.getElementById("lc-told").textContent = T.basemap_missing;
          document.getElementById("lc-told").className = "lc-notice";
        }
      });
    });
  });
  entry.after = function (on) { map.getContainer().classList.toggle("lc-tiled", on && came); };
  return [entry, el("span", {"class": "lc-text", "aria-hidden": "true"}, "▦")];
};
}());
