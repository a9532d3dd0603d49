/* The cards beside the map: what is judged and how it came out, and the layers. */
(function () {
"use strict";
var el = lifecircle.el;

function row(entry, swatch, more) {
  var box = el("input", {type: "checkbox", "data-layer": entry.id});
  box.checked = entry.on;
  box.addEventListener("change", function () { entry.set(box.checked); });
  return el("label", {"class": "lc-row", title: entry.hint || null}, [
    box, swatch, el("span", {"class": "lc-name"}, entry.label)
  ].concat(more || []));
}

function choice(id, label, groups, value) {
  var select = el("select", {id: id}, groups.map(function (group) {
    var options = group[1].map(function (o) { return el("option", {value: o[0]}, o[1]); });
    return group[0] ? el("optgroup", {label: group[0]}, options) : options;
  }).reduce(function (all, each) { return all.concat(each); }, []));
  select.value = value;
  return [el("label", {"class": "lc-choice", "for": id}, label), select];
}

/* Title and the two choices; the blocks that follow the choices are filled by retell(). */
lifecircle.summary = function (D, state, change) {
  var T = D.text, card = document.getElementById("lc-summary"), SUBJECTS = ["residential", "units", "facilities", "county"];
  card.appendChild(el("h1", {}, D.title.study));
  D.title.lines.forEach(function (text) { card.appendChild(el("p", {"class": "lc-sub"}, text)); });
  var choices = el("div", {"class": "lc-choices"});
  if (D.clauses.length) {
    var many = D.clauses.some(function (c) { return c.standard !== D.clauses[0].standard; });
    var named = D.clauses.map(function (c, n) { return [String(n), c.short + (many ? " · " + c.standard : "")]; });
    var groups = [["", [named[0]]]].concat(SUBJECTS.map(function (subject) {
      return [T["subject_" + subject], named.filter(function (o, n) {
        return n > 0 && D.clauses[n].subject === subject && !D.clauses[n].reference;
      })];
    })).concat([[T.subject_reference, named.filter(function (o, n) { return n > 0 && D.clauses[n].reference; })]]);
    choice("lc-clause", T.choose_clause, groups.filter(function (g) { return g[1].length; }), "0").forEach(function (n) { choices.appendChild(n); });
  }
  if (state.scopes.length > 1) {
    choice("lc-scope", T.choose_scope, [["", state.scopes]], "county").forEach(function (n) { choices.appendChild(n); });
  }
  if (choices.children.length) { card.appendChild(choices); }
  ["lc-clause", "lc-scope"].forEach(function (id) {
    var select = card.querySelector("#" + id);
    if (select) { select.addEventListener("change", function () { change(id.slice(3), select.value); }); }
  });
  ["lc-headline", "lc-legend", "lc-rates", "lc-cues"].forEach(function (id) { card.appendChild(el("section", {id: id})); });
  card.querySelector("#lc-headline").setAttribute("aria-label", T.headline);
  card.querySelector("#lc-cues").appendChild(el("div", {"class": "lc-cues"}, [
    el("h3", {}, D.legend_coverage),
    el("ul", {}, ["full", "partial", "none"].map(function (key) {
      return el("li", {}, [lifecircle.swatch("cue", key), D.words.coverage[key]]);
    }).concat([el("li", {}, [lifecircle.swatch("cue", "full", true), T.point_only])]))
  ]));
  D.notes.forEach(function (text) { card.appendChild(el("p", {"class": "lc-note"}, text)); });
  if (D.attribution.length) {
    card.appendChild(el("p", {"class": "lc-note lc-sources"}, [el("b", {}, T.sources), D.attribution.join("；")]));
  }
};

/* Headline and legend of the clause and place chosen. `told`: {clause, scope, scopeName, legend}. */
lifecircle.retell = function (D, told, entries) {
  var T = D.text, C = told.clause, H = C && C.scopes[told.scope], box = document.getElementById("lc-headline");
  box.textContent = "";
  if (C) {
    box.appendChild(el("h2", {}, C.short + (told.scopeName ? " · " + told.scopeName : "")));
    if (H) {
      box.appendChild(el("p", {"class": "lc-figure"}, [el("b", {}, H.rate), el("span", {}, H.fraction)]));
      box.appendChild(el("p", {"class": "lc-status"}, [
        H.status ? lifecircle.badge(H.status, lifecircle.statusWord(D, H.status, C.reference), C.reference) : null,
        H.target ? el("span", {}, H.target) : null
      ]));
      H.lines.forEach(function (text) { box.appendChild(el("p", {"class": "lc-note"}, text)); });
    } else { box.appendChild(el("p", {"class": "lc-note"}, T.no_scope)); }
    if (C.reference) { box.appendChild(el("p", {"class": "lc-note"}, T.reference_note)); }
  }
  box = document.getElementById("lc-legend");
  box.textContent = "";
  var total = told.legend.reduce(function (sum, item) { return sum + item.count; }, 0);
  if (total) {
    box.appendChild(el("div", {"class": "lc-share", "aria-hidden": "true"}, told.legend.filter(function (item) {
      return item.count;
    }).map(function (item) {
      return el("span", {style: {flexGrow: String(item.count), background: lifecircle.verdict(item.status, C && C.reference).fill}});
    })));
  }
  if (told.legend.length) {
    box.appendChild(el("fieldset", {"class": "lc-legend"}, [
      el("legend", {}, T["legend_" + told.subject]),
      el("div", {"class": "lc-columns", "aria-hidden": "true"}, [
        el("span", {}, T.areas), told.subject === "residential" ? el("span", {}, T.households) : null
      ])
    ].concat(told.legend.map(function (item) {
      return row(entries["status:" + item.status], lifecircle.swatch(item.status, null, false, C && C.reference), [
        el("span", {"class": "lc-count"}, lifecircle.number(item.count, 0)),
        told.subject === "residential" ? el("span", {"class": "lc-count lc-households", title: item.note || null}, item.households) : null
      ]);
    }))));
  }
  told.names.filter(Boolean).forEach(function (text) { box.appendChild(el("p", {"class": "lc-note"}, text)); });
};

/* The legend of the choropleth, while it is shown. */
lifecircle.rateLegend = function (D, counts) {
  var box = document.getElementById("lc-rates"), from = 0;
  box.textContent = "";
  if (!counts) { return; }
  box.appendChild(el("h3", {}, D.text.unit_rates));
  box.appendChild(el("ul", {}, lifecircle.RATES.map(function (step, k) {
    var label = k === lifecircle.RATES.length - 1 ? "100 %" : from + "–" + (step[0] > 99 ? "<100" : step[0]) + " %";
    from = step[0];
    return el("li", {}, [el("i", {style: {background: step[1]}}), label, el("span", {"class": "lc-count"}, String(counts[k]))]);
  })));
};

/* The grouped layer control. Sections: [title, open, [[entry, swatch]]]. */
lifecircle.layerControl = function (D, sections, buttons) {
  var card = document.getElementById("lc-layers");
  sections.forEach(function (section) {
    if (!section[2].length) { return; }
    var group = el("details", {"class": "lc-group"}, [
      el("summary", {}, section[0]),
      el("fieldset", {}, [el("legend", {"class": "lc-unseen"}, section[0])].concat(section[2].map(function (item) {
        return row(item[0], item[1], item[0].count === undefined ? null : [
          el("span", {"class": "lc-count"}, String(item[0].count))
        ]);
      })))
    ]);
    group.open = section[1];
    card.appendChild(group);
  });
  card.appendChild(el("div", {"class": "lc-buttons"}, buttons.filter(Boolean)));
};

/* Folding a card away, for small windows. */
lifecircle.foldable = function (id, label) {
  var card = document.getElementById(id);
  var button = el("button", {"class": "lc-toggle lc-folder", type: "button", "aria-expanded": "true",
                             "aria-label": label, title: label}, "–");
  button.addEventListener("click", function () {
    var folded = card.classList.toggle("lc-folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? (id === "lc-layers" ? "☰" : "+") : "–";
  });
  card.insertBefore(button, card.firstChild);
};

/* How far a symbol reaches from its place at most: at the edge of the data it keeps off the cards. */
lifecircle.SYMBOL = 26;

/* Shows bounds clear of the cards and the controls, whatever their size and that of the window: beside
   the cards where there is room, else below them. Where a place of spots ([lat, lon]) would still
   lie under a control at the bottom, the data keep off it, upwards or to the side, whichever shows
   them larger. */
lifecircle.fit = function (map, bounds, spots, zoom) {
  var size = map.getSize(), corner = map.getContainer().getBoundingClientRect(), S = lifecircle.SYMBOL;
  function box(node) {
    var b = node.getBoundingClientRect();
    return {left: b.left - corner.left, right: b.right - corner.left, top: b.top - corner.top, bottom: b.bottom - corner.top};
  }
  var printing = document.documentElement.classList.contains("lc-printing");
  var cards = printing ? [] : ["lc-summary", "lc-layers"].map(function (id) { return document.getElementById(id); }).filter(function (node) {
    return getComputedStyle(node).position === "absolute" && node.offsetWidth;
  }).map(box);
  var pad = {left: 10, right: 10, top: box(document.getElementById("lc-banners")).bottom + 14, bottom: 34};
  if (printing) { pad.top = 14; }
  if (cards.length === 2 && cards[1].left - cards[0].right > 280) {
    pad.left = cards[0].right + 10;
    pad.right = size.x - cards[1].left + 10;
  } else {
    var under = Math.max.apply(null, [pad.top].concat(cards.map(function (card) { return card.bottom + 8; })));
    if (under < size.y / 2) { pad.top = under; }
  }
  pad.left += S; pad.right += S; pad.top += S;
  function around(p) { return [L.point(p.left, p.top), L.point(p.right, p.bottom)]; }
  function put(p) {
    map.fitBounds(bounds, {paddingTopLeft: around(p)[0], paddingBottomRight: around(p)[1], maxZoom: zoom || 17, animate: false});
  }
  var snap = map.options.zoomSnap;
  map.options.zoomSnap = 0; /* the data fill the view exactly */
  put(pad);
  var controls = printing ? [] : [].slice.call(map.getContainer().querySelectorAll(".leaflet-bottom .leaflet-control")).map(box);
  function touched() {
    var at = (spots || []).map(function (spot) { return map.latLngToContainerPoint(spot); });
    return controls.filter(function (c) {
      return at.some(function (p) { return p.x > c.left - S && p.x < c.right + S && p.y > c.top - S && p.y < c.bottom + S; });
    });
  }
  function least(side) { return Math.min.apply(null, hidden.map(function (c) { return c[side]; })); }
  function clear(way) {
    /* what one control no longer hides another may: as often as there are controls */
    var p = L.extend({}, pad), k;
    for (k = 0, hidden = touched(); hidden.length && k < controls.length; k++, hidden = touched()) {
      if (way === "above") { p.bottom = Math.max(p.bottom, size.y - least("top") + S + 1); }
      else { p.right = Math.max(p.right, size.x - least("left") + S + 1); }
      if (size.x - p.left - p.right < 80 || size.y - p.top - p.bottom < 80) { break; }
      put(p);
    }
    return {pad: p, hidden: hidden.length, zoom: map.getZoom()};
  }
  var hidden = touched();
  if (hidden.length) {
    var ways = ["above", "beside"].map(function (way) { put(pad); return clear(way); });
    ways.sort(function (a, b) { return a.hidden - b.hidden || b.zoom - a.zoom; });
    put(ways[0].pad);
  }
  map.options.zoomSnap = snap;
};
}());
