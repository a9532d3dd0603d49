/* The cards beside the map: what is judged and how it came out, the layers, the search. */
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

/* Title, headline rate, and the legend of verdicts, which also switches them. */
lifecircle.summary = function (D, entries) {
  var T = D.text, H = D.headline, card = document.getElementById("lc-summary");
  var total = D.legend.reduce(function (sum, item) { return sum + item.areas; }, 0);
  card.appendChild(el("h1", {}, D.title.study));
  D.title.lines.forEach(function (text) { card.appendChild(el("p", {"class": "lc-sub"}, text)); });
  if (H) {
    card.appendChild(el("section", {"class": "lc-headline", "aria-label": T.headline}, [
      el("h2", {}, H.title),
      el("p", {"class": "lc-figure"}, [el("b", {}, H.rate), el("span", {}, H.fraction)]),
      el("p", {"class": "lc-status"}, [
        el("span", {"class": "lc-badge", style: {
          background: (lifecircle.VERDICTS[H.status] || lifecircle.VERDICTS.none).fill,
          borderColor: (lifecircle.VERDICTS[H.status] || lifecircle.VERDICTS.none).line
        }}, D.words.status[H.status]),
        H.target ? el("span", {}, H.target) : null
      ])
    ].concat(H.lines.map(function (text) { return el("p", {"class": "lc-note"}, text); }))));
  }
  if (total) {
    card.appendChild(el("div", {"class": "lc-share", "aria-hidden": "true"}, D.legend.filter(
      function (item) { return item.areas; }
    ).map(function (item) {
      var v = lifecircle.VERDICTS[item.verdict];
      return el("span", {style: {flexGrow: String(item.areas), background: v.fill}});
    })));
  }
  card.appendChild(el("fieldset", {"class": "lc-legend"}, [
    el("legend", {}, D.legend_title),
    el("div", {"class": "lc-columns", "aria-hidden": "true"}, [
      el("span", {}, T.areas), el("span", {}, T.households)
    ])
  ].concat(D.legend.map(function (item) {
    return row(entries["areas:" + item.verdict], lifecircle.swatch(item.verdict), [
      el("span", {"class": "lc-count"}, item.areas_text),
      el("span", {"class": "lc-count lc-households", title: item.note || null}, item.households_text)
    ]);
  }))));
  card.appendChild(el("div", {"class": "lc-legend lc-cues"}, [
    el("h3", {}, D.legend_coverage),
    el("ul", {}, ["full", "partial", "none"].map(function (key) {
      return el("li", {}, [lifecircle.swatch("not_applicable", key), D.words.coverage[key]]);
    }).concat([
      el("li", {}, [lifecircle.swatch("not_applicable", "full", true), T.point_only])
    ]))
  ]));
  D.notes.forEach(function (text) { card.appendChild(el("p", {"class": "lc-note"}, text)); });
};

/* The grouped layer control. Sections: [title, [[entry, swatch]]]. */
lifecircle.layerControl = function (D, sections) {
  var card = document.getElementById("lc-layers");
  sections.forEach(function (section) {
    if (!section[1].length) { return; }
    card.appendChild(el("fieldset", {}, [el("legend", {}, section[0])].concat(
      section[1].map(function (item) {
        return row(item[0], item[1], item[0].count === undefined ? null : [
          el("span", {"class": "lc-count"}, String(item[0].count))
        ]);
      }))));
  });
};

/* Folding a card away, for small windows. */
lifecircle.foldable = function (id, label) {
  var card = document.getElementById(id);
  var button = el("button", {"class": "lc-toggle", type: "button", "aria-expanded": "true",
                             "aria-label": label, title: label}, "–");
  button.addEventListener("click", function () {
    var folded = card.classList.toggle("lc-folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.textContent = folded ? "+" : "–";
  });
  card.insertBefore(button, card.firstChild);
};

function plain(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, ""); }

/* Search by name: a combobox whose hits zoom to the feature and open what is known of it. */
lifecircle.search = function (D, items, show) {
  var T = D.text, card = document.getElementById("lc-layers"), active = -1, hits = [];
  var input = el("input", {type: "search", id: "lc-search", role: "combobox", autocomplete: "off",
                           placeholder: T.search, "aria-label": T.search, "aria-expanded": "false",
                           "aria-controls": "lc-hits", "aria-autocomplete": "list"});
  var list = el("ul", {id: "lc-hits", role: "listbox", "aria-label": T.search_hits, hidden: ""});
  items.forEach(function (item) { item.folded = plain(item.feature.n + " " + (item.feature.i || "")); });

  function pick(k) {
    if (!hits[k]) { return; }
    close();
    input.value = hits[k].feature.n;
    show(hits[k]);
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }
  function mark(k) {
    active = k;
    Array.prototype.forEach.call(list.children, function (node, n) {
      node.setAttribute("aria-selected", String(n === k));
      if (n === k) { node.scrollIntoView({block: "nearest"}); }
    });
    input.setAttribute("aria-activedescendant", "lc-hit-" + k);
  }
  function find() {
    var wanted = plain(input.value);
    list.textContent = "";
    hits = !wanted ? [] : items.filter(function (item) {
      return item.folded.indexOf(wanted) >= 0;
    }).sort(function (a, b) {
      return (a.folded.indexOf(wanted) ? 1 : 0) - (b.folded.indexOf(wanted) ? 1 : 0);
    }).slice(0, 12);
    hits.forEach(function (item, k) {
      var node = el("li", {role: "option", id: "lc-hit-" + k, "aria-selected": "false"}, [
        el("span", {"class": "lc-hit-name"}, item.feature.n),
        el("span", {"class": "lc-hit-kind"}, item.kind)
      ]);
      node.addEventListener("mousedown", function (event) { event.preventDefault(); pick(k); });
      list.appendChild(node);
    });
    if (wanted && !hits.length) {
      list.appendChild(el("li", {"class": "lc-nothing"}, T.search_nothing));
    }
    list.hidden = !wanted;
    input.setAttribute("aria-expanded", String(Boolean(wanted)));
    active = -1;
  }
  input.addEventListener("input", find);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!hits.length) { return; }
      event.preventDefault();
      mark((active + (event.key === "ArrowDown" ? 1 : hits.length - 1) + (active < 0 && event.key === "ArrowUp" ? 1 : 0)) % hits.length);
    } else if (event.key === "Enter") { pick(Math.max(active, 0)); }
    else if (event.key === "Escape") { close(); }
  });
  card.insertBefore(el("div", {"class": "lc-search", role: "search"}, [input, list]), card.firstChild);
};
}());
