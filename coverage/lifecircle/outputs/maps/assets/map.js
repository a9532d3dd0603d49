/* Puts the assessment on the map and keeps map, legend and headline at one choice. `D` is the data
   block written by lifecircle.outputs.maps. */
(function () {
"use strict";
var el = lifecircle.el, FADED = 32, PLAIN = 33;
var DOTS = 12.3; /* zoom below which a facility is a dot */

lifecircle.draw = function (map, D) {
  var T = D.text, A = D.areas, n = A.n, entries = {}, labels = [], k;
  var state = lifecircle.state = {clause: 0, scope: "county", hatch: true, rates: false, shown: {}};
  D.status.forEach(function (status) { state.shown[status] = true; });
  document.documentElement.lang = D.lang;
  D.shapes = new lifecircle.Shapes(A.shape);

  /* --- the choice of a clause and of a place ------------------------------------------------- */
  var unitRow = {};
  D.units.features.forEach(function (u, row) { unitRow[u.i] = row; u.subject = "units"; u.row = row; });
  state.scopes = [["county", T.whole]].concat(scopes());
  function scopes() {
    var found = {}, settings = [], towns = [];
    D.clauses.forEach(function (c) { Object.keys(c.scopes).forEach(function (s) { found[s] = true; }); });
    for (k = 0; k < n; k++) { if (A.unit.get(k)) { found[A.unit.get(k)] = true; } }
    ["urban", "rural"].forEach(function (s) { if (found[s]) { settings.push([s, T["scope_" + s]]); } });
    Object.keys(found).sort().forEach(function (s) {
      if (s === "county" || s === "urban" || s === "rural") { return; }
      towns.push([s, unitRow[s] === undefined ? s : D.units.features[unitRow[s]].n]);
    });
    return (settings.length > 1 ? settings : []).concat(towns.length > 1 ? towns : []);
  }
  function inScope(k) {
    var s = state.scope;
    return s === "county" || A.setting.get(k) === s || A.unit.get(k) === s || A.community.get(k) === s;
  }
  function clause() { return D.clauses[state.clause] || null; }
  /* Number of the status an area is drawn by; the headline's is the area's own verdict. */
  function statusOf(k) {
    var c = clause();
    if (!c || c.verdict && c.subject === "residential") { return A.status[k]; }
    return c.subject === "residential" && c.status ? c.status[k] : D.status.length - 1;
  }
  function areaView(k) {
    /* where another subject's clause is shown, an area still tells of the first that is about areas */
    var c = clause() && clause().subject === "residential" ? clause()
      : D.clauses.filter(function (one) { return one.subject === "residential"; })[0];
    var own = !c || c.verdict, applies = D.clauses[A.applies[k]] || null;
    c = c || {short: "", cite: "", quote: "", reference: false};
    var told = own && applies && applies.status ? applies : c;
    return {clause: c, told: told.status ? told : null, status: D.status[own ? A.status[k] : c.status ? c.status[k] : D.status.length - 1],
            reason: own ? A.reason.get(k) : c.status ? c.reason.get(k) : null, flags: told.status ? told.flags.get(k) : null};
  }
  function otherView(subject, row) {
    var c = clause();
    if (!c || c.subject !== subject || !c.status) {
      var rate = subject === "units" && c && c.unit_rates ? c.unit_rates.get(row) : null;
      return rate === null ? null : {clause: c, status: "reported", rate: T.rate + " " + lifecircle.percent(rate)};
    }
    var status = D.status[c.status[row]];
    return status === "none" ? null : {clause: c, status: status, reason: c.reason.get(row), flags: c.flags.get(row), told: true, row: row};
  }

  /* --- areas and units: one canvas each ------------------------------------------------------- */
  var looks = [], areas = new lifecircle.Compact(D.shapes, looks, {pane: lifecircle.pane(map, "areas", 390)});
  function paintLooks() {
    var c = clause(), reference = c && c.reference;
    D.status.forEach(function (status, s) {
      D.coverage.forEach(function (coverage, h) {
        var v = lifecircle.verdict(status, reference);
        looks[s * 4 + h] = {fill: v.fill, fillOpacity: 0.82, line: v.line, weight: status === "deficient" ? 2.1 : 1.4, opacity: 0.95,
                            dash: v.dash ? v.dash.split(" ").map(Number) : null, hatch: state.hatch ? lifecircle.HATCHES[coverage] || 0 : 0, dark: v.dark,
                            rank: status === "deficient" ? 3 : status === "not_assessed" ? 2 : 1};
      });
    });
    looks[FADED] = {fill: "#e7e7e3", fillOpacity: 0.55, line: "#c4c5c0", weight: 1, rank: 0};
    looks[PLAIN] = {fill: "#e3e6e8", fillOpacity: 0.8, line: "#a7aeb5", weight: 1, rank: 0};
  }
  function paintAreas() {
    var plain = clause() && clause().subject !== "residential";
    paintLooks();
    for (k = 0; k < n; k++) {
      var s = statusOf(k);
      areas.look[k] = !inScope(k) ? FADED : plain ? PLAIN : !state.shown[D.status[s]] ? 255 : s * 4 + A.coverage[k];
    }
    areas.refresh();
  }
  var unitShapes = new lifecircle.Shapes(D.units.shape), unitLooks = [], units = null, polygons = false;
  for (k = 0; k < unitShapes.n; k++) { polygons = polygons || unitShapes.dim[k] === 2; }
  if (unitShapes.n) { units = new lifecircle.Compact(unitShapes, unitLooks, {pane: lifecircle.pane(map, "units", 250)}); }
  function unitLook(fill, opacity, rank) {
    return {fill: fill, fillOpacity: opacity, line: "#6c7480", weight: 1.5, dash: [9, 4, 2, 4], rank: rank, opacity: 0.9};
  }
  function paintUnits() {
    if (!units) { return; }
    var c = clause(), judged = c && c.subject === "units" && c.status, counts = lifecircle.RATES.map(function () { return 0; });
    unitLooks.length = 0;
    unitLooks.push(unitLook("#ffffff", 0, 0), unitLook("#ffffff", 0, 1));
    lifecircle.RATES.forEach(function (step) { unitLooks.push(unitLook(step[1], 0.85, 0)); });
    D.status.forEach(function (status) {
      var v = lifecircle.verdict(status, c && c.reference);
      [0, 1].forEach(function (small) { unitLooks.push(unitLook(v.fill, status === "none" || status === "not_applicable" ? 0.12 : 0.62, small)); });
    });
    D.units.features.forEach(function (u, row) {
      var look = u.small ? 1 : 0;
      if (judged && D.status[c.status[row]] !== "none") {
        look = state.shown[D.status[c.status[row]]] ? 2 + lifecircle.RATES.length + 2 * c.status[row] + (u.small ? 1 : 0) : look;
      } else if (state.rates && c && c.unit_rates && c.unit_rates.get(row) !== null) {
        var step = lifecircle.rateClass(c.unit_rates.get(row));
        counts[step]++;
        look = 2 + step;
      }
      units.look[row] = unitShapes.placed(row) ? look : 255;
    });
    units.refresh();
    lifecircle.rateLegend(D, state.rates && c && c.unit_rates ? counts : null);
  }

  /* --- everything else ------------------------------------------------------------------------ */
  var tiles = lifecircle.basemapEntry(map, D), ground = lifecircle.ground(map, D, labels), reach = lifecircle.reachEntries(map, D);
  var ranked = [], checked = lifecircle.overlayEntries(map, D, lifecircle.canvas(map, "data", 400, true), ranked);
  var hovered = L.layerGroup().addTo(map), glow = lifecircle.canvas(map, "glow", 395), links = new lifecircle.Links(map, D);
  lifecircle.pane(map, "names", 450);
  var names = null, facilities = lifecircle.facilityMarks(map, D, function () { if (names) { names.draw(); } });
  facilities.group.addTo(map);
  function keep(item) { entries[item.id] = item; return item; }
  function arrange() { ranked.forEach(function (group) { if (map.hasLayer(group)) { group.bringToFront(); } }); }
  function line(colour, dashed) { return el("span", {"class": "lc-line" + (dashed ? " lc-line-dashed" : ""), style: {borderColor: colour}, "aria-hidden": "true"}); }
  checked.forEach(function (c) {
    c.item.after = c.overlay.look === undefined ? arrange : function (shown) {
      arrange();
      /* a district may lie far from the areas that the map opens on */
      if (shown && !map.getBounds().contains(c.group.getBounds())) { map.fitBounds(map.getBounds().extend(c.group.getBounds())); }
    };
  });
  D.status.forEach(function (status) {
    keep({id: "status:" + status, on: true, label: "", set: function (on) {
      entries["status:" + status].on = state.shown[status] = on;
      paintAreas(); paintUnits();
      names.draw();
    }});
  });
  var base = [], on = function (id) { return function () { return Boolean(entries[id] && entries[id].on); }; };
  if (tiles) { keep(tiles[0]); base.push(tiles); }
  keep(lifecircle.entry(map, "areas", T.area, true, function () { return [areas]; }, {after: function () { if (names) { names.draw(); } }}));
  base.push([entries.areas, el("span", {"class": "lc-line lc-line-area", "aria-hidden": "true"})]);
  base.push([keep({id: "hatch", label: D.legend_coverage, on: true, set: function (shown) { entries.hatch.on = state.hatch = shown; paintAreas(); }}),
             lifecircle.swatch("cue", "partial")]);
  if (units) {
    base.push([keep(lifecircle.entry(map, "units", T.units, true, function () { return [units]; }, {after: function () { if (names) { names.draw(); } }})), line("#6c7480", true)]);
    if (polygons && D.clauses.some(function (c) { return c.unit_rates; })) {
      base.push([keep({id: "rates", label: T.unit_rates, on: false, set: function (shown) { entries.rates.on = state.rates = shown; paintUnits(); }}),
                 el("span", {"class": "lc-line lc-line-rates", "aria-hidden": "true"})]);
    }
  }
  if (ground.streets.length) { base.push([keep(lifecircle.entry(map, "streets", T.streets, true, function () { return ground.streets; })), el("span", {"class": "lc-line lc-line-street", "aria-hidden": "true"})]); }
  if (ground.barriers.length) { base.push([keep(lifecircle.entry(map, "barriers", T.barriers, true, function () { return ground.barriers; })), line("#9cc5de")]); }
  ground.streetsOn = on("streets"); ground.barriersOn = on("barriers");
  base.push([keep(lifecircle.entry(map, "names", T.names, true, function () { return [names]; })), el("span", {"class": "lc-text", "aria-hidden": "true"}, T.names_glyph)]);

  /* --- names ------------------------------------------------------------------------------------ */
  D.units.features.forEach(function (u, row) {
    if (unitShapes.dim[row] === 2) {
      labels.push({text: u.n, kind: "unit", lat: D.units.at[2 * row] / 1e6, lon: D.units.at[2 * row + 1] / 1e6, zoom: u.small ? 14 : 0,
                   shown: function () { return entries.units.on && map.getZoom() < 16; }});
    }
  });
  D.facilities.forEach(function (f, row) {
    if (f.at) { labels.push({text: f.n, kind: "facility", lat: f.at[0], lon: f.at[1], dy: 21, zoom: 15.6, aside: function () { return facilities.marks[row].aside; }, shown: function () { return facilities.group.hasLayer(facilities.marks[row]); }}); }
  });
  var rank = {unit: 0, facility: 2, water: 3, street: 4};
  labels.sort(function (a, b) { return rank[a.kind] - rank[b.kind]; });
  names = new lifecircle.Labels(labels, {shapes: D.shapes, at: A.at, name: function (k) { return A.name.get(k); }, shown: function (k) {
    return entries.areas.on && areas.look[k] < FADED;
  }}, function () {
    var boxes = [], half = map.getZoom() < DOTS ? 6 : 13;
    facilities.aside(DOTS);
    facilities.group.eachLayer(function (layer) {
      var p = map.latLngToContainerPoint(layer.getLatLng()).add(layer.aside);
      boxes.push([p.x - half, p.y - half, p.x + half, p.y + half]);
    });
    return boxes;
  });

  /* --- cards -------------------------------------------------------------------------------------- */
  function legend() {
    var c = clause(), subject = c ? c.subject : "residential", counts = D.status.map(function () { return 0; });
    var households = counts.slice(), missing = counts.slice(), deficient = [];
    if (subject === "residential") {
      for (k = 0; k < n; k++) {
        if (!inScope(k)) { continue; }
        var s = statusOf(k), h = A.households.get(k);
        counts[s]++;
        if (h === null) { missing[s]++; } else { households[s] += h; }
      }
    } else if (c.status) {
      var features = subject === "units" ? D.units.features : D.facilities;
      for (k = 0; k < features.length; k++) {
        if (!here(subject, features[k])) { continue; }
        counts[c.status[k]]++;
        if (D.status[c.status[k]] === "deficient") { deficient.push(features[k].n); }
      }
      counts[D.status.length - 1] = 0; /* a clause is not about all units */
    }
    var always = subject === "county" ? [] : ["compliant", "deficient", "not_assessed"];
    return {subject: subject, names: [
      deficient.length ? T.deficient_names + deficient.slice(0, 30).join(T.comma) + (deficient.length > 30 ? "…" : "") : null,
      subject === "units" && !polygons ? T.no_outlines : null],
            rows: D.status.map(function (status, s) {
      entries["status:" + status].label = lifecircle.statusWord(D, status, c && c.reference);
      var known = counts[s] - missing[s], sum = lifecircle.number(households[s], 0);
      return {status: status, count: counts[s], households: !missing[s] ? sum : known ? lifecircle.fill(T.at_least, {n: sum}) : T.missing,
              note: missing[s] ? lifecircle.fill(T.households_missing, {n: missing[s]}) : null};
    }).filter(function (item) { return item.count || always.indexOf(item.status) >= 0; })};
  }
  function here(subject, feature) {
    return state.scope === "county" || (subject === "units" ? feature.i.indexOf(state.scope) === 0 : (feature.u || []).indexOf(state.scope) >= 0);
  }
  function tell() {
    var found = legend(), c = clause();
    var scope = state.scopes.filter(function (s) { return s[0] === state.scope; })[0];
    lifecircle.retell(D, {clause: c, scope: state.scope, scopeName: state.scope === "county" ? "" : scope[1], subject: found.subject,
                          legend: found.rows, names: found.names}, entries);
    paintAreas(); paintUnits();
    facilities.marks.forEach(function (layer, row) {
      var node = layer.getElement(), judged = c && c.subject === "facilities" && c.status ? D.status[c.status[row]] : "none";
      if (!node) { return; }
      node.firstChild.style.boxShadow = judged === "none" ? "" : "0 0 0 4px " + lifecircle.verdict(judged, c.reference).fill;
      node.style.opacity = here("facilities", D.facilities[row]) || state.scope === "urban" || state.scope === "rural" ? "" : "0.3";
    });
    names.draw();
  }
  function change(what, value) {
    state[what] = what === "clause" ? Number(value) : value;
    map.closePopup();
    tell();
    if (what === "scope") { fit(extent()); }
    document.getElementById("lc-told").textContent = document.getElementById("lc-headline").textContent;
  }
  function extent() {
    if (state.scope === "county") { return D.bounds && L.latLngBounds(D.bounds); }
    var box = L.latLngBounds([]);
    for (k = 0; k < n; k++) { if (inScope(k) && D.shapes.placed(k)) { box.extend(D.shapes.bounds(k)); } }
    var row = unitRow[state.scope];
    if (row !== undefined && unitShapes.dim[row] === 2) { box.extend(unitShapes.bounds(row)); }
    return box.isValid() ? box : D.bounds && L.latLngBounds(D.bounds);
  }
  lifecircle.summary(D, state, change);
  var print = el("button", {"class": "lc-button", type: "button", id: "lc-print"}, T.print);
  print.addEventListener("click", function () { window.print(); });
  function rows(list) { return list.map(function (item) { return [keep(item[0]), item[1]]; }); }
  var allocation = rows(links.entries()), checks = [], districts = [];
  checked.forEach(function (c) { (c.overlay.look === undefined ? checks : districts).push([keep(c.item), c.swatch]); });
  lifecircle.layerControl(D, [
    [T.group_facilities, map.getSize().y > 640, rows(facilities.kinds)], [T.group_stages, false, rows(facilities.stages)],
    [T.group_walk, map.getSize().y > 640, rows(reach.walk)], [T.group_radius, false, rows(reach.radius)],
    [T.group_districts, true, districts], [T.group_checks, false, checks], [T.group_links, false, allocation], [T.group_base, false, base]
  ], [lifecircle.variants(D), print]);

  /* --- one popup for the whole map ------------------------------------------------------------------ */
  var popup = L.popup({maxWidth: 380, minWidth: 290, className: "lc-pop"});
  function open(content, name, at) {
    hush();
    popup.setContent(content).setLatLng(at).openOn(map);
    /* unfolding a part of it makes it taller: it must still fit the window */
    popup.getElement().addEventListener("toggle", function () { popup.update(); }, true);
    popup.getElement().setAttribute("role", "dialog");
    popup.getElement().setAttribute("aria-label", name);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", T.close);
  }
  function openArea(k, at) {
    open(lifecircle.areaPopup(D, k, areaView(k)), A.name.get(k), at || middle(k));
    links.ofArea(k);
    glowing(k);
  }
  function openFeature(f, at) {
    open(lifecircle.popup(D, f, f.subject ? otherView(f.subject, f.row) : null), f.n, at);
    if (f.subject === "facilities") { links.ofFacility(f.row); }
    if (f.to) { links.ofSite(at, f.to); }
  }
  function middle(k) { return L.latLng(A.at[2 * k] / 1e6, A.at[2 * k + 1] / 1e6); }
  map.on("popupclose", function () { links.clear(); hovered.clearLayers(); });

  /* What has no place on the map has no arrow either: a card between the two others. */
  var aside = document.getElementById("lc-aside");
  function asideCard(content, name) {
    map.closePopup();
    aside.textContent = "";
    var shut = el("button", {"class": "lc-toggle", type: "button", "aria-label": T.close, title: T.close}, "×");
    shut.addEventListener("click", function () { aside.hidden = true; });
    aside.appendChild(shut);
    aside.appendChild(content);
    aside.setAttribute("aria-label", name);
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

  /* --- pointing ---------------------------------------------------------------------------------------- */
  var tip = L.tooltip({direction: "top", className: "lc-tip", offset: [0, -6]}), over = -1, asked = null;
  function glowing(k) {
    hovered.clearLayers();
    if (D.shapes.placed(k)) { hovered.addLayer(D.shapes.layer(k, {color: "#111827", weight: 3.5, fill: false, radius: 10}, glow)); }
  }
  function hush() {
    over = -1;
    tip.remove();
    if (!map.hasLayer(popup)) { links.clear(); hovered.clearLayers(); }
  }
  function hint(title, lines, at) {
    tip.setContent(el("div", {}, [el("b", {}, title)].concat(lines.filter(Boolean).map(function (text) { return el("span", {}, text); })))).setLatLng(at).addTo(map);
  }
  function nearest(k) {
    var rural = A.setting.get(k) === "rural", r = D.reach_of.filter(function (r) { return r.rural_only === rural; })[0];
    if (!r || r.walk_facility[k] < 0) { return null; }
    return T.nearest_one + D.facilities[r.walk_facility[k]].n + "（" + lifecircle.walk(D, r.walk_m.get(k), r.walk_min.get(k)) + "）";
  }
  map.on("mousemove", function (event) {
    asked = event;
    if (!lifecircle.waiting) { lifecircle.waiting = L.Util.requestAnimFrame(function () { lifecircle.waiting = null; point(asked); }); }
  });
  function point(event) {
    if (map.hasLayer(popup) || (event.originalEvent.target.closest && event.originalEvent.target.closest(".leaflet-marker-icon, .leaflet-control"))) { return; }
    var k = entries.areas.on ? areas.hit(event.latlng) : -1;
    if (k >= 0 && k === over) { tip.setLatLng(event.latlng); return; }
    if (k < 0) { if (over !== -1) { hush(); } return; }
    hush();
    over = k;
    var view = areaView(k);
    hint(A.name.get(k), [clause() && clause().subject !== "residential" ? null : lifecircle.statusWord(D, view.status, view.clause.reference), nearest(k)], event.latlng);
    glowing(k);
    links.ofArea(k);
  }
  map.on("mouseout", function () { if (over >= 0) { hush(); } });
  map.on("zoomstart movestart", function () { if (over >= 0) { hush(); } });
  map.on("click", function (event) {
    var k = entries.areas.on ? areas.hit(event.latlng) : -1;
    if (k >= 0) { openArea(k, D.shapes.dim[k] === 0 ? middle(k) : event.latlng); return; }
    var row = units && entries.units.on ? units.hit(event.latlng) : -1;
    if (row >= 0 && unitShapes.dim[row] === 2) { openFeature(D.units.features[row], event.latlng); }
  });
  function owner(event) { return event.propagatedFrom || event.layer; }
  facilities.group.on("mouseover", function (event) {
    if (map.hasLayer(popup)) { return; }
    var f = owner(event).feature, pairs = links.ofFacility(f.row), served = {};
    pairs.forEach(function (p) { if (p[1] >= 0) { served[A.name.get(p[1])] = true; } });
    served = Object.keys(served);
    hint(f.n, [f.s, served.length ? T.serves + served.slice(0, 6).join(T.comma) + (served.length > 6 ? lifecircle.fill(T.and_more, {n: served.length}) : "") : null],
         owner(event).getLatLng());
  }).on("mouseout", function () { hush(); });
  [facilities.group].concat(checked.map(function (c) { return c.group; })).forEach(function (group) {
    group.on("click", function (event) {
      L.DomEvent.stopPropagation(event);
      var layer = owner(event);
      openFeature(layer.feature, layer.getLatLng && layer.feature ? layer.getLatLng() : event.latlng);
    });
    /* A marker that has the keyboard's focus opens by Enter, and the focus goes into the popup. */
    group.on("keypress", function (event) {
      if (event.originalEvent.key !== "Enter") { return; }
      openFeature(owner(event).feature, owner(event).getLatLng());
      popup.getElement().querySelector(".leaflet-popup-close-button").focus();
    });
  });
  checked.forEach(function (c) {
    c.group.on("mouseover", function (event) {
      if (map.hasLayer(popup)) { return; }
      hint(owner(event).feature.n, [c.overlay.one], event.latlng);
    }).on("mouseout", function () { hush(); });
  });

  /* --- search ---------------------------------------------------------------------------------------------- */
  function reveal(ids) {
    ids.forEach(function (id) {
      var box = document.querySelector('input[data-layer="' + id + '"]');
      if (box && !box.checked) { box.click(); }
    });
  }
  function list(kind, features, show) {
    return {kind: kind, n: features.length, name: function (k) { return features[k].n; }, id: function (k) { return features[k].i; }, show: show};
  }
  lifecircle.search(D, [
    list(T.unit, D.units.features, function (k) {
      var f = D.units.features[k];
      if (!unitShapes.placed(k)) { f.nowhere = true; asideCard(lifecircle.popup(D, f, otherView("units", k)), f.n); return; }
      reveal(["units"]);
      fit(unitShapes.bounds(k).pad(0.1), 16.5);
      openFeature(f, [D.units.at[2 * k] / 1e6, D.units.at[2 * k + 1] / 1e6]);
    }),
    {kind: T.area, n: n, name: function (k) { return A.name.get(k); }, id: function (k) { return A.id.get(k); }, show: function (k) {
      if (!D.shapes.placed(k)) { asideCard(lifecircle.areaPopup(D, k, areaView(k)), A.name.get(k)); return; }
      reveal(["areas", "status:" + D.status[statusOf(k)]]);
      fit(D.shapes.bounds(k).pad(0.8), 16.5);
      openArea(k);
    }},
    list(T.facility, D.facilities, function (k) {
      var f = D.facilities[k];
      if (!f.at) { asideCard(lifecircle.popup(D, f, otherView("facilities", k)), f.n); return; }
      reveal(f.kinds.map(function (kind) { return "kind:" + kind; }).concat(["stage:" + f.st]));
      map.setView(f.at, Math.max(map.getZoom(), 16), {animate: false});
      openFeature(f, f.at);
    })
  ].concat(checked.map(function (c) {
    return list(c.overlay.one, c.overlay.features, function (k) {
      var f = c.overlay.features[k];
      if (f.nowhere) { asideCard(lifecircle.popup(D, f), f.n); return; }
      reveal([c.item.id]);
      fit(c.shapes.bounds(k).pad(0.8), 16.5);
      openFeature(f, c.layer(k).getLatLng ? c.layer(k).getLatLng() : c.shapes.bounds(k).getCenter());
    });
  })));

  /* --- frame ------------------------------------------------------------------------------------------------- */
  lifecircle.foldable("lc-summary", T.fold_summary);
  lifecircle.foldable("lc-layers", T.fold_layers);
  if (map.getSize().x < 760) { document.querySelectorAll(".lc-folder").forEach(function (button) { button.click(); }); }
  function clear(id) {
    var box = document.getElementById(id);
    return getComputedStyle(box).position === "absolute" && box.offsetWidth && !document.documentElement.classList.contains("lc-printing") ? box.offsetWidth + 20 : 10;
  }
  function fit(bounds, zoom) {
    if (!bounds) { map.setView([35, 105], 4, {animate: false}); return; }
    var spots = D.facilities.filter(function (f) { return f.at; }).map(function (f) { return f.at; });
    for (var row = 0; row < n && row < 5000; row++) { if (D.shapes.placed(row)) { spots.push(middle(row)); } }
    lifecircle.fit(map, bounds, spots, zoom);
  }
  function room() {
    /* a popup keeps off the cards where the window is wide enough for both */
    var left = clear("lc-summary"), right = clear("lc-layers") + 46;
    if (map.getSize().x - left - right < 330) { left = right = 10; }
    popup.options.autoPanPaddingTopLeft = [left, 50];
    popup.options.autoPanPaddingBottomRight = [right, 40];
    popup.options.maxWidth = Math.min(380, map.getSize().x - 40);
    popup.options.maxHeight = Math.max(220, map.getSize().y - 150);
  }
  room();
  map.zoomControl.setPosition("bottomright");
  map.attributionControl.setPrefix(false);
  if (D.attribution.length) { map.attributionControl.addAttribution(el("i", {}, D.attribution.join(" · ")).innerHTML); }
  L.control.scale({imperial: false, position: "bottomright", maxWidth: 140}).addTo(map);
  var North = L.Control.extend({onAdd: function () {
    return el("div", {"class": "lc-north", role: "img", "aria-label": T.north}, [el("i", {}), el("b", {}, "N")]);
  }});
  new North({position: "bottomright"}).addTo(map);
  fit(extent());
  function far() {
    map.getContainer().classList.toggle("lc-far", map.getZoom() < 14.2 && map.getZoom() >= DOTS);
    map.getContainer().classList.toggle("lc-dots", map.getZoom() < DOTS);
  }
  map.on("zoomend", function () { far(); facilities.aside(DOTS); });
  far();
  Object.keys(entries).forEach(function (id) { if (entries[id].on && id.indexOf("status:") && id.indexOf("kind:") && id.indexOf("stage:")) { entries[id].set(true); } });
  facilities.filter();
  tell();
  arrange();
  fit(extent()); /* the cards are as high as they will be */
  map.on("resize", room);
  map.getContainer().setAttribute("aria-label", T.map);
  document.getElementById("lc-summary").setAttribute("aria-label", T.headline);
  document.getElementById("lc-layers").setAttribute("aria-label", T.layers);
  [["in", T.zoom_in], ["out", T.zoom_out]].forEach(function (z) {
    var button = map.getContainer().querySelector(".leaflet-control-zoom-" + z[0]);
    button.title = z[1];
    button.setAttribute("aria-label", z[1]);
  });

  lifecircle.paper(map, names, function () { fit(extent()); });
  /* What tests and the curious can ask for. */
  lifecircle.at = function (id) {
    for (var row = 0; row < n; row++) { if (A.id.get(row) === id) { return map.latLngToContainerPoint(middle(row)); } }
    return null;
  };
  lifecircle.keys = D.clauses.map(function (c) { return [c.standard, c.id]; });
  lifecircle.statuses = D.status;
  document.documentElement.setAttribute("data-ready", "yes");
};
}());

lifecircle.start = function (map) {
  var D = lifecircle.unpack(document.getElementById("lc-data").textContent);
  var strip = document.getElementById("lc-banners");
  D.banners.forEach(function (text) { strip.appendChild(lifecircle.el("li", {}, text)); });
  document.documentElement.style.setProperty("--top", strip.offsetHeight + "px");
  lifecircle.draw(map, D);
};
