/* Search by name: a combobox whose hits zoom to the feature and open what is known of it. */
(function () {
"use strict";
var el = lifecircle.el, MOST = 12;

function plain(text) { return text.normalize("NFKC").toLowerCase().replace(/\s+/g, ""); }

/* `sources`: [{kind, n, name: fn, id: fn, show: fn}], looked through in this order. */
lifecircle.search = function (D, sources) {
  var T = D.text, card = document.getElementById("lc-layers"), active = -1, hits = [], folded = null;
  var input = el("input", {type: "search", id: "lc-search", role: "combobox", autocomplete: "off",
                           placeholder: T.search, "aria-label": T.search, "aria-expanded": "false",
                           "aria-controls": "lc-hits", "aria-autocomplete": "list"});
  var list = el("ul", {id: "lc-hits", role: "listbox", "aria-label": T.search_hits, hidden: ""});

  /* Fifty thousand names are folded when somebody first asks, not when the page opens. */
  function names() {
    folded = folded || sources.map(function (source) {
      var out = [];
      for (var k = 0; k < source.n; k++) { out.push(plain(source.name(k) + " " + source.id(k))); }
      return out;
    });
    return folded;
  }
  function pick(k) {
    var hit = hits[k];
    if (!hit) { return; }
    close();
    input.value = hit[0].name(hit[1]);
    hit[0].show(hit[1]);
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
    var wanted = plain(input.value), same = [], starts = [], others = [];
    if (wanted) {
      names().forEach(function (texts, n) {
        for (var k = 0; k < texts.length && same.length < MOST; k++) {
          var at = texts[k].indexOf(wanted);
          var into = at > 0 ? others : plain(sources[n].name(k)) === wanted ? same : starts;
          if (at >= 0 && into.length < MOST) { into.push([sources[n], k]); }
        }
      });
    }
    hits = same.concat(starts, others).slice(0, MOST); /* 丁楼村 itself before 丁楼村民委员会 */
    list.textContent = "";
    hits.forEach(function (hit, k) {
      var node = el("li", {role: "option", id: "lc-hit-" + k, "aria-selected": "false"}, [
        el("span", {"class": "lc-hit-name"}, hit[0].name(hit[1])),
        el("span", {"class": "lc-hit-kind"}, hit[0].kind)
      ]);
      node.addEventListener("mousedown", function (event) { event.preventDefault(); pick(k); });
      list.appendChild(node);
    });
    if (wanted && !hits.length) { list.appendChild(el("li", {"class": "lc-nothing"}, T.search_nothing)); }
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
