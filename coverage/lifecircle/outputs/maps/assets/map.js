/* Puts the assessment on the map. `D` is the data block written by lifecircle.outputs.maps. */
(function () {
"use strict";
var el = lifecircle.el;

function pane(map, name, z, clickable) {
  var node = map.createPane(name);
  node.style.zIndex = z;
  if (!clickable) { node.style.pointerEvents = "none"; }
  return new lifecircle.Canvas({pane: name, padding: 0.3, tolerance: 3});
}

function marker(D, feature) {
  var glyphs = feature.kinds.slice(0, 3).map(function (kind) { return D.glyphs[kind] || "·"; });
  var face = el("span", {"class": "lc-f lc-stage-" + feature.st + (feature.big ? " lc-big" : "")},
                glyphs.join(""));
  return L.marker(lifecircle.decode(feature.g)[0][0], {
    icon: L.divIcon({className: "lc-icon", html: face, iconSize: [0, 0]}),
    keyboard: true, riseOnHover: true, zIndexOffset: feature.big ? 300 : feature.st === "open" ? 200 : 0
  });
}

function siteMarker(D, feature) {
  return L.marker(lifecircle.decode(feature.g)[0][0], {
    icon: L.divIcon({className: "lc-icon", iconSize: [0, 0],
                     html: el("span", {"class": "lc-f lc-site"}, D.glyphs.site)}),
    keyboard: true, riseOnHover: true
  });
}

lifecircle.draw = function (map, D) {
  var T = D.text, entries = {}, searchable = [];
  document.documentElement.lang = D.lang;
  var canvases = {
    ground: pane(map, "ground", 210), reach: pane(map, "reach", 220),
    streets: pane(map, "streets", 230), walked: pane(map, "walked", 240),
    data: pane(map, "data", 400, true)
  };
  map.createPane("names").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";

  function entry(id, label, on, layers, more) {
    entries[id] = L.extend({id: id, label: label, on: on, set: function (shown) {
      entries[id].on = shown;
      layers.forEach(function (layer) { if (shown) { layer.addTo(map); } else { layer.remove(); } });
      arrange();
    }}, more);
    entries[id].layers = layers;
    if (on) { layers.forEach(function (layer) { layer.addTo(map); }); }
    return entries[id];
  }
  /* Within the one clickable canvas the order is: units, areas, then what is checked. */
  var ranked = [];
  function arrange() {
    ranked.forEach(function (group) { if (map.hasLayer(group)) { group.bringToFront(); } });
  }
  function describe(layer, feature, kind, entryIds) {
    if (kind !== T.unit) { layer.bindTooltip(function () { return el("span", {}, feature.n); },
                      {sticky: true, className: "lc-tip", direction: "top"}); }
    layer.feature = feature;
    if (layer.eachLayer) { layer.eachLayer(function (part) { part.feature = feature; }); }
    searchable.push({feature: feature, kind: kind, layer: layer, entryIds: entryIds});
  }

  /* --- ground: barriers, streets ------------------------------------------------------------ */
  var zoomed = [], ground = [], streets = [], labels = [];
  D.barriers.forEach(function (b) {
    var look = lifecircle.BARRIERS[b.kind] || lifecircle.BARRIERS.wall;
    var style = {color: look.color, weight: look.weight, opacity: look.opacity, lineCap: "butt",
                 fill: b.g[0] === 2, fillColor: look.color, fillOpacity: 1};
    if (b.g[0] === 2) { style.weight = 1; }
    if (look.bed && b.g[0] === 1) {
      ground.push(lifecircle.shape(b.g, {color: look.bed, weight: look.weight + 2, lineCap: "butt"}, canvases.ground));
    }
    if (b.g[0] === 1) { style.dashArray = look.dash || null; }
    ground.push(lifecircle.shape(b.g, style, canvases.ground));
    if (b.n && b.g[0] === 1) {
      lifecircle.decode(b.g).forEach(function (points) {
        labels.push({text: b.n, kind: b.kind === "river" ? "water" : "street", line: points, zoom: 13});
      });
    }
  });
  ["path", "minor", "middle", "major"].forEach(function (name) {
    var s = D.streets[name], look = lifecircle.STREETS[name];
    if (!s || !s.length) { return; }
    if (look.casing) {
      var casing = lifecircle.shape([1, s], {color: look.casing, weight: 1}, canvases.streets);
      zoomed.push([casing, look.width, 1.6]);
      streets.push(casing);
    }
    var core = lifecircle.shape([1, s], {color: look.fill, weight: 1, dashArray: look.dash || null}, canvases.streets);
    zoomed.push([core, look.width, 0]);
    streets.push(core);
  });
  /* casings of all classes lie under the cores of all classes */
  streets.sort(function (a, b) { return (a.options.color === "#ffffff") - (b.options.color === "#ffffff"); });
  D.street_names.forEach(function (s) {
    labels.push({text: s[0], kind: "street", line: lifecircle.decode([1, [s[2]]])[0],
                 zoom: {major: 13.5, middle: 14.5, minor: 16, path: 17}[s[1]],
                 shown: function () { return entries.streets.on; }});
  });
  function rescale() {
    map.getContainer().classList.toggle("lc-far", map.getZoom() < 14.2);
    var factor = Math.pow(1.32, map.getZoom() - 14);
    zoomed.forEach(function (z) { z[0].setStyle({weight: Math.max(0.5, z[1] * factor) + z[2]}); });
  }

  /* --- reach: radii and walks ---------------------------------------------------------------- */
  var radii = [], walks = [];
  D.reach.forEach(function (r) {
    var colour = lifecircle.REACH[r.group] || "#1f6fb2", walk = r.method === "walk", layers = [];
    r.areas.forEach(function (g) {
      layers.push(lifecircle.shape(g, {
        color: colour, weight: walk ? 1.2 : 1.6, opacity: walk ? 0.55 : 0.8,
        dashArray: walk ? null : "7 5", fill: true, fillColor: colour, fillOpacity: walk ? 0.13 : 0.05
      }, canvases.reach));
    });
    r.streets.forEach(function (g) {
      layers.push(lifecircle.shape(g, {color: colour, weight: 2.2, opacity: 0.6}, canvases.walked));
    });
    var item = entry(r.id, r.label, r.on, layers);
    (walk ? walks : radii).push([item, el("span", {
      "class": "lc-line" + (walk ? "" : " lc-line-dashed"), style: {borderColor: colour}, "aria-hidden": "true"
    })]);
  });

  /* --- units, areas -------------------------------------------------------------------------- */
  var units = L.featureGroup(), isArea = {};
  D.units.forEach(function (u) {
    var layer = u.g ? lifecircle.shape(u.g, L.extend({diamond: false, radius: 6}, line("units")), canvases.data, true) : null;
    place(units, layer, u, T.unit, ["units"]);
    if (layer && u.g[0] === 2) {
      labels.push({text: u.n, kind: "unit", at: L.latLng(u.at), zoom: u.small ? 14 : 0,
                   shown: function () { return entries.units.on && map.getZoom() < 16; }});
    }
  });
  function line(name) {
    var o = lifecircle.OVERLAYS[name.split(":")[0]];
    return {color: o.color, weight: o.weight, dashArray: o.dash, fill: true, fillColor: o.fill, fillOpacity: o.fillOpacity};
  }
  function place(group, layer, feature, kind, ids) {
    if (!layer) { searchable.push({feature: feature, kind: kind, layer: null, entryIds: []}); return; }
    describe(layer, feature, kind, ids);
    group.addLayer(layer);
  }
  ranked.push(units);
  var byVerdict = {}, areaAt = {};
  D.legend.forEach(function (item) { byVerdict[item.verdict] = L.featureGroup(); });
  D.areas.forEach(function (a) {
    var style = lifecircle.areaStyle(a), layer = null;
    if (a.g) {
      layer = lifecircle.shape(a.g, a.g[0] === 0 ? L.extend(style, {diamond: true, radius: 8}) : style, canvases.data, true);
      labels.push({text: a.n, kind: "area", zoom: 13.6, dy: a.g[0] === 0 ? 15 : 0,
                   at: L.latLng(a.at), box: a.g[0] === 2 ? layer.getBounds() : null,
                   shown: function () { return entries["areas:" + a.v].on; }});
      isArea[L.stamp(layer)] = true;
    }
    areaAt[a.i] = layer;
    place(byVerdict[a.v], layer, a, T.area, ["areas:" + a.v]);
  });
  D.legend.forEach(function (item) {
    ranked.push(byVerdict[item.verdict]);
    entry("areas:" + item.verdict, item.word, true, [byVerdict[item.verdict]]);
  });

  /* --- what is checked: disagreements, close calls, street data, gates, sites ----------------- */
  var checks = [];
  D.overlays.forEach(function (o) {
    var group = L.featureGroup(), site = o.id === "sites";
    o.features.forEach(function (f) {
      var layer = !f.g ? null : site ? siteMarker(D, f)
        : lifecircle.shape(f.g, L.extend(line(o.id), {radius: o.id === "gates" ? 3.5 : 9}), canvases.data, true);
      place(group, layer, f, o.one, [o.id]);
      if (layer && site) { named(layer, f); }
    });
    if (!site) { ranked.push(group); }
    var look = lifecircle.OVERLAYS[o.id.split(":")[0]], round = o.features.every(function (f) { return !f.g || f.g[0] === 0; });
    checks.push([entry(o.id, o.label, o.on, [group], {count: o.count}), site
      ? el("span", {"class": "lc-f lc-site lc-mini", "aria-hidden": "true"}, D.glyphs.site)
      : el("span", {"class": (round ? "lc-ring" : "lc-line") + (look.dash ? " lc-line-dashed" : ""), style: {borderColor: look.color}, "aria-hidden": "true"})]);
  });

  /* --- facilities ----------------------------------------------------------------------------- */
  function named(layer, feature) {
    layer.on("add", function () {
      var node = layer.getElement();
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", feature.n + (feature.s ? ", " + feature.s : ""));
    });
  }
  var facilities = L.featureGroup(), shown = {kinds: {}, stages: {}}, kindRows = [], stageRows = [], marks = [];
  D.facilities.forEach(function (f) {
    var ids = f.kinds.map(function (k) { return "kind:" + k; }).concat(["stage:" + f.st]);
    if (!f.g) { place(facilities, null, f, T.facility, ids); return; }
    var layer = marker(D, f);
    named(layer, f);
    describe(layer, f, T.facility, ids);
    marks.push([f, layer]);
    labels.push({text: f.n, kind: "facility", at: layer.getLatLng(), dy: 21, zoom: 15.6,
                 shown: function () { return facilities.hasLayer(layer); }});
  });
  function filter() {
    marks.forEach(function (m) {
      var on = shown.stages[m[0].st] && m[0].kinds.some(function (k) { return shown.kinds[k]; });
      if (on) { facilities.addLayer(m[1]); } else { facilities.removeLayer(m[1]); }
    });
    if (names) { names.draw(); }
  }
  var names = null;
  D.kinds.forEach(function (k) {
    shown.kinds[k.key] = true;
    entries["kind:" + k.key] = {id: "kind:" + k.key, label: k.label, on: true, count: k.count, set: function (on) {
      entries["kind:" + k.key].on = shown.kinds[k.key] = on;
      filter();
    }};
    kindRows.push([entries["kind:" + k.key], el("span", {
      "class": "lc-f lc-stage-open lc-mini" + (k.big ? " lc-big" : ""), "aria-hidden": "true"}, D.glyphs[k.key] || "·")]);
  });
  D.stages.forEach(function (s) {
    shown.stages[s.key] = true;
    entries["stage:" + s.key] = {id: "stage:" + s.key, label: s.label, on: true, count: s.count, set: function (on) {
      entries["stage:" + s.key].on = shown.stages[s.key] = on;
      filter();
    }};
    stageRows.push([entries["stage:" + s.key], el("span", {
      "class": "lc-f lc-mini lc-stage-" + s.key, "aria-hidden": "true"}, "\u00a0")]);
  });
  facilities.addTo(map);

  /* --- cards, search, names -------------------------------------------------------------------- */
  var base = [];
  if (D.units.some(function (u) { return u.g; })) {
    base.push([entry("units", T.units, true, [units]), el("span", {"class": "lc-line lc-line-dashed", style: {borderColor: "#6c7480"}, "aria-hidden": "true"})]);
  } else { entries.units = {on: false}; }
  if (streets.length) { base.push([entry("streets", T.streets, true, streets), el("span", {"class": "lc-line lc-line-street", "aria-hidden": "true"})]); }
  else { entries.streets = {on: false}; }
  if (ground.length) { base.push([entry("barriers", T.barriers, true, ground), el("span", {"class": "lc-line", style: {borderColor: "#9cc5de"}, "aria-hidden": "true"})]); }
  var rank = {unit: 0, area: 1, facility: 2, water: 3, street: 4};
  labels.sort(function (a, b) { return rank[a.kind] - rank[b.kind]; });
  names = new lifecircle.Labels(labels, function () {
    var boxes = [];
    facilities.eachLayer(function (layer) {
      var p = map.latLngToContainerPoint(layer.getLatLng());
      boxes.push([p.x - 13, p.y - 12, p.x + 13, p.y + 12]);
    });
    return boxes;
  });
  lifecircle.summary(D, entries);
  lifecircle.layerControl(D, [
    [T.group_facilities, kindRows], [T.group_stages, stageRows], [T.group_walk, walks],
    [T.group_radius, radii], [T.group_checks, checks],
    [T.group_base, base.concat([[entry("names", T.names, true, []), el("span", {"class": "lc-text", "aria-hidden": "true"}, T.names_glyph)]])]
  ]);
  entries.names.layers.push(names);

  /* One popup for the whole map. */
  var popup = L.popup({maxWidth: 380, minWidth: 300, maxHeight: Math.max(220, map.getSize().y - 190), className: "lc-pop"});
  function open(feature, at) {
    popup.setContent(lifecircle.popup(D, feature)).setLatLng(at).openOn(map);
    /* unfolding a part of it makes it taller: it must still fit the window */
    popup.getElement().addEventListener("toggle", function () { popup.update(); }, true);
    popup.getElement().setAttribute("role", "dialog");
    popup.getElement().setAttribute("aria-label", feature.n);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", T.close);
  }
  /* What has no place on the map has no arrow either: a card between the two others. */
  var aside = document.getElementById("lc-aside");
  function tell(feature) {
    map.closePopup();
    aside.textContent = "";
    var shut = el("button", {"class": "lc-toggle", type: "button", "aria-label": T.close, title: T.close}, "×");
    shut.addEventListener("click", function () { aside.hidden = true; });
    aside.appendChild(shut);
    aside.appendChild(lifecircle.popup(D, feature));
    aside.setAttribute("aria-label", feature.n);
    var left = clear("lc-summary"), right = clear("lc-layers"), width = map.getSize().x;
    var narrow = width - left - right < 340;
    if (narrow) { left = right = 10; }
    aside.style.top = narrow ? "calc(var(--top, 0px) + 64px)" : "";
    aside.style.left = left + "px";
    aside.style.width = Math.min(380, width - left - right) + "px";
    aside.hidden = false;
  }
  map.on("popupopen", function () { aside.hidden = true; });
  aside.addEventListener("keydown", function (event) { if (event.key === "Escape") { aside.hidden = true; } });
  [units, facilities].concat(D.legend.map(function (i) { return byVerdict[i.verdict]; }),
    D.overlays.map(function (o) { return entries[o.id].layers[0]; })).forEach(function (group) {
    group.on("click", function (event) {
      L.DomEvent.stopPropagation(event);
      open(owner(event).feature, event.propagatedFrom.getLatLng && event.propagatedFrom.feature ? event.propagatedFrom.getLatLng() : event.latlng);
    });
    group.on("mouseover", function (event) { light(owner(event), true); });
    group.on("mouseout", function (event) { light(owner(event), false); });
  });
  /* A marker that has the keyboard's focus opens by Enter, and the focus goes into the popup. */
  facilities.on("keypress", function (event) {
    if (event.originalEvent.key !== "Enter") { return; }
    open(owner(event).feature, owner(event).getLatLng());
    popup.getElement().querySelector(".leaflet-popup-close-button").focus();
  });
  function owner(event) { return event.propagatedFrom || event.layer; }
  function light(layer, on) {
    if (!isArea[L.stamp(layer)]) { return; }
    var style = lifecircle.areaStyle(layer.feature);
    layer.setStyle(on ? {weight: 3.5, color: "#111827"} : {weight: style.weight, color: style.color});
  }
  lifecircle.search(D, searchable, function (item) {
    item.entryIds.forEach(function (id) {
      var box = document.querySelector('input[data-layer="' + id + '"]');
      if (box && !box.checked) { box.click(); }
    });
    if (!item.layer) { tell(item.feature); return; }
    var at = item.layer.getLatLng ? item.layer.getLatLng() : item.layer.getBounds().getCenter();
    if (item.layer.getBounds) { fit(item.layer.getBounds().pad(0.8), 16.5); } else { map.setView(at, Math.max(map.getZoom(), 16)); }
    open(item.feature, at);
  });
  lifecircle.foldable("lc-summary", T.fold_summary);
  lifecircle.foldable("lc-layers", T.fold_layers);
  if (map.getSize().x < 760) {
    document.querySelectorAll(".lc-toggle").forEach(function (button) { button.click(); });
  }

  /* --- frame ------------------------------------------------------------------------------------ */
  function clear(id) {
    var box = document.getElementById(id);
    return getComputedStyle(box).position === "absolute" && box.offsetWidth ? box.offsetWidth + 22 : 10;
  }
  function fit(bounds, zoom) {
    var size = map.getSize(), left = clear("lc-summary"), right = clear("lc-layers");
    if (size.x - left - right < 200) { left = right = 10; }
    map.fitBounds(bounds, {paddingTopLeft: [left, 48], paddingBottomRight: [right, 44], maxZoom: zoom || 17, animate: false});
  }
  function room() {
    /* a popup keeps off the cards where the window is wide enough for both */
    var left = clear("lc-summary"), right = clear("lc-layers") + 46;
    if (map.getSize().x - left - right < 330) { left = right = 10; }
    popup.options.autoPanPaddingTopLeft = [left, 50];
    popup.options.autoPanPaddingBottomRight = [right, 40];
    popup.options.maxWidth = Math.min(380, map.getSize().x - 40);
    popup.options.maxHeight = Math.max(220, map.getSize().y - 190);
  }
  room();
  map.zoomControl.setPosition("bottomright");
  map.attributionControl.setPrefix(false);
  if (D.attribution.length) { map.attributionControl.addAttribution(escape(D.attribution.join(" · "))); }
  function escape(text) { return el("i", {}, text).innerHTML; }
  L.control.scale({imperial: false, position: "bottomright", maxWidth: 140}).addTo(map);
  var North = L.Control.extend({onAdd: function () {
    return el("div", {"class": "lc-north", role: "img", "aria-label": T.north}, [el("i", {}), el("b", {}, "N")]);
  }});
  new North({position: "bottomright"}).addTo(map);
  if (D.bounds) { fit(L.latLngBounds(D.bounds)); } else { map.setView([35, 105], 4); }
  rescale();
  map.on("zoomend", rescale);
  if (entries.names.on) { names.addTo(map); }
  arrange();
  filter();
  map.on("resize", room);
  map.getContainer().setAttribute("aria-label", T.map);
  document.getElementById("lc-summary").setAttribute("aria-label", T.headline);
  document.getElementById("lc-layers").setAttribute("aria-label", T.layers);
  [["in", T.zoom_in], ["out", T.zoom_out]].forEach(function (z) {
    var button = map.getContainer().querySelector(".leaflet-control-zoom-" + z[0]);
    button.title = z[1];
    button.setAttribute("aria-label", z[1]);
  });
  document.documentElement.setAttribute("data-ready", "yes");
};
}());

lifecircle.start = function (map) {
  var D = JSON.parse(document.getElementById("lc-data").textContent);
  var strip = document.getElementById("lc-banners");
  D.banners.forEach(function (text) { strip.appendChild(lifecircle.el("li", {}, text)); });
  document.documentElement.style.setProperty("--top", strip.offsetHeight + "px");
  lifecircle.draw(map, D);
};
