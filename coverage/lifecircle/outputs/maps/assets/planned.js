/* A future: places of a plan taken as built. Read after the page's own code, and only with a plan:
   numbers on the places, lines on pointing at them, and a switch to how it is without them. */
(function () {
"use strict";
var el = lifecircle.el, draw = lifecircle.draw, makeOverlays = lifecircle.overlayEntries, MakeLinks = lifecircle.Links,
    makeMarks = lifecircle.facilityMarks, LAYER = "proposed:planned", NAMED = 6;
var planned = null, links = null, marks = null;

/* The page keeps these to itself: they are noted as it makes them. */
lifecircle.overlayEntries = function (map, D, canvas, ranked) {
  var found = makeOverlays(map, D, canvas, ranked);
  planned = found.filter(function (one) { return one.overlay.id === LAYER; })[0];
  planned.overlay.features.forEach(function (f, k) {
    var layer = planned.layer(k);
    if (!layer) { return; }
    /* all have the same sign: their number in the order of building tells them apart */
    layer.on("add", function () {
      var face = layer.getElement().firstChild;
      face.textContent = f.seq;
      face.style.minWidth = "22px";
      layer.getElement().setAttribute("aria-label", f.seq + " " + f.n + ", " + f.s);
    });
  });
  return found;
};
lifecircle.Links = function (map, D) {
  links = new MakeLinks(map, D);
  return links;
};
lifecircle.facilityMarks = function (map, D, changed) {
  marks = makeMarks(map, D, changed);
  return marks;
};

lifecircle.draw = function (map, D) {
  var P = D.planned, T = P.text, shown = "after", sides = sidesOf(D), put = [];
  popupsOf(D, function () { return shown; });
  draw(map, D);

  /* --- pointing at a place: what it is, whom it serves, lines to them ------------------------------ */
  function served(f) {
    var names = f.to.slice(0, NAMED).map(function (k) { return D.areas.name.get(k); }).join(D.text.comma);
    return f.to.length ? T.serves + names + (f.to.length > NAMED ? lifecircle.fill(T.serves_more, {n: f.to.length}) : "") : null;
  }
  planned.group.on("mouseover", function (event) {
    var layer = event.propagatedFrom || event.layer, f = layer.feature;
    if (document.querySelector(".leaflet-popup")) { return; }
    /* the page has said its name by now: more goes into the same words */
    map.eachLayer(function (tip) {
      if (!(tip instanceof L.Tooltip)) { return; }
      tip.setContent(el("div", {}, [el("b", {}, f.seq + " " + f.n), el("span", {}, f.s)].concat(served(f) ? el("span", {}, served(f)) : [])));
    });
    links.ofSite(layer.getLatLng(), f.to);
  }).on("mouseout", function () {
    if (!document.querySelector(".leaflet-popup")) { links.clear(); }
  });

  /* What a plan changes takes several lines above the map, and on a phone the folded card stands
     below them: a popup keeps clear of both. */
  map.on("popupopen", function (event) {
    var options = event.popup.options, padding = options.autoPanPaddingTopLeft, card = document.getElementById("lc-summary");
    var top = document.getElementById("lc-banners").offsetHeight;
    if (padding && padding[0] <= 10 && card.classList.contains("lc-folded")) { top = card.offsetTop + card.offsetHeight; }
    if (!padding || padding[1] >= top + 12) { return; }
    options.autoPanPaddingTopLeft = [padding[0], top + 12];
    options.maxHeight = Math.max(160, map.getSize().y - top - 90);
    event.popup.update();
  });

  /* --- the switch ------------------------------------------------------------------------------------ */
  function turn(side) {
    if (side === shown) { return; }
    shown = side;
    sides.forEach(function (one) { one(side); });
    told.textContent = T["shown_" + side]; /* a print has no switch */
    buttons.forEach(function (b) {
      var on = b.value === side;
      b.setAttribute("aria-pressed", String(on));
      b.style.background = on ? "#1d3557" : "";
      b.style.color = on ? "#fff" : "";
    });
    boxes(side);
    hide(side);
    repaint();
  }
  /* Reach and coverage are those of the future: they are switched off, visibly, and on again. */
  function boxes(side) {
    var found = document.querySelectorAll('#lc-layers input[data-layer^="reach:"], #lc-layers input[data-layer="' + LAYER + '"], #lc-layers input[data-layer="hatch"]');
    if (side === "before") { put = [].filter.call(found, function (box) { return box.checked; }); }
    put.forEach(function (box) { if (box.checked === (side === "before")) { box.click(); } });
  }
  function hide(side) {
    P.built.forEach(function (row) {
      var node = marks.marks[row] && marks.marks[row].getElement();
      if (node) { node.style.display = side === "before" ? "none" : ""; }
    });
  }
  marks.group.on("layeradd", function () { hide(shown); });
  function repaint() {
    var select = document.getElementById("lc-clause");
    if (select) { select.dispatchEvent(new Event("change")); }
  }
  var buttons = ["before", "after"].map(function (side) {
    var b = el("button", {"class": "lc-button", type: "button", value: side, "aria-pressed": String(side === shown), id: "lc-" + side}, T[side]);
    b.addEventListener("click", function () { turn(side); });
    return b;
  });
  var told = el("p", {"class": "lc-sub", id: "lc-side"}), head = document.getElementById("lc-headline");
  head.parentNode.insertBefore(told, head);
  var Switch = L.Control.extend({onAdd: function () {
    var box = el("div", {"class": "lc-buttons", role: "group", id: "lc-switch", "aria-label": T["switch"],
                         style: {display: "flex", gap: "0", border: "0", padding: "0", boxShadow: "0 1px 6px rgba(0,0,0,.3)", borderRadius: "6px"}}, buttons);
    L.DomEvent.disableClickPropagation(box);
    return box;
  }});
  new Switch({position: "bottomleft"}).addTo(map);
  shown = null;
  turn("after");

  /* The plan's own clause is what is shown first. */
  var select = document.getElementById("lc-clause");
  if (select && P.clause) {
    select.value = String(P.clause);
    repaint();
  }
};

/* Of the areas that a plan touches the nearest facility, coverage or the m² are otherwise without it.
   The page has those of the future alone: before, they are left out. */
function popupsOf(D, side) {
  var touched = {}, popup = lifecircle.areaPopup, nothing = {get: function () { return null; }};
  var later = ["share", "required_m2", "own_m2", "recorded_m2", "arrangeable_m2", "deficit_m2", "deficit_if_arranged_m2", "remedy"];
  [].forEach.call(D.planned.touched, function (k) { touched[k] = true; });
  lifecircle.areaPopup = function (data, k, view) {
    if (side() !== "before" || !touched[k]) { return popup(data, k, view); }
    var bare = Object.create(data);
    bare.areas = Object.create(data.areas);
    later.forEach(function (name) { bare.areas[name] = nothing; });
    bare.reach_of = [];
    var article = popup(bare, k, view);
    [].forEach.call(article.querySelectorAll("dt"), function (label) {
      if (label.textContent === data.coverage_label) { label.parentNode.parentNode.removeChild(label.parentNode); }
    });
    return article;
  };
}

/* Functions that put one side's statuses, headline and words where the page reads them. */
function sidesOf(D) {
  var P = D.planned, A = D.areas, told = {}, out = [], touched = {};
  [].forEach.call(P.touched, function (k) { touched[k] = true; });
  P.clauses.forEach(function (one) { told[one.n] = one; });
  D.clauses.forEach(function (c, n) {
    var one = told[n], scopes = c.scopes, status = c.status, reason = c.reason, flags = c.flags, changed = {}, before = {};
    if (one) {
      if (one.rows) { [].forEach.call(one.rows, function (k) { changed[k] = true; }); }
      before.county = one.block;
    }
    function said(k) {
      return P.text[changed[k] ? "reason" : "reason_same"] + (c.subject === "residential" && touched[k] ? P.text.touched : "");
    }
    var figures = {measured: c.measured, required: c.required, deficit: c.deficit};
    out.push(function (side) {
      var early = side === "before";
      if (one) { c.scopes = early ? before : scopes; }
      if (one && one.status) {
        c.status = early ? one.status : status;
        Object.keys(figures).forEach(function (name) { c[name] = early ? one[name] : figures[name]; });
      }
      if (reason) { c.reason = early ? {length: reason.length, get: said} : reason; }
      if (flags) { c.flags = early ? {length: flags.length, get: function () { return null; }} : flags; }
    });
    if (c.verdict && c.subject === "residential") {
      var verdict = A.status, why = A.reason;
      out.push(function (side) {
        var early = side === "before";
        A.status = early && one ? one.verdict : verdict;
        A.reason = early ? {length: why.length, get: said} : why;
      });
    }
  });
  return out;
}
}());
