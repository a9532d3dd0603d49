/* What a click tells: one builder for every kind of feature. */
(function () {
"use strict";
var el = lifecircle.el;

function badge(verdict, word) {
  var v = lifecircle.VERDICTS[verdict] || lifecircle.VERDICTS.none;
  return el("span", {"class": "lc-badge", style: {background: v.fill, borderColor: v.line}}, word);
}

/* Whether a fact needs a whole line; a Chinese character is as wide as two letters. */
function wide(text) { return text.replace(/[\u2e80-\uffff]/g, "##").length > 14; }

function facts(D, flat) {
  var list = el("dl", {"class": "lc-facts"});
  for (var i = 0; i < flat.length; i += 2) {
    /* short facts stand two abreast, long ones have a line to themselves */
    list.appendChild(el("div", {"class": wide(flat[i + 1]) ? "lc-wide" : null}, [
      el("dt", {}, D.labels[flat[i]]), el("dd", {}, flat[i + 1])
    ]));
  }
  return list;
}

/* Provision as a bar: own, recorded and arrangeable m² against what is required. */
function bar(D, provision) {
  var required = provision.required, parts = ["own", "recorded", "arrangeable"];
  var sum = parts.reduce(function (total, key) { return total + (provision[key] || 0); }, 0);
  var full = Math.max(required, sum) || 1;
  var track = el("div", {"class": "lc-bar", role: "img", "aria-label": provision.text});
  parts.forEach(function (key) {
    if (provision[key] > 0) {
      track.appendChild(el("span", {"class": "lc-bar-" + key,
                                    style: {width: (100 * provision[key] / full) + "%"}}));
    }
  });
  track.appendChild(el("i", {style: {left: (100 * required / full) + "%"}}));
  return el("div", {"class": "lc-provision"}, [
    track,
    el("div", {"class": "lc-bar-key"}, parts.map(function (key) {
      return el("span", {"class": "lc-key-" + key}, D.text[key]);
    }).concat([el("span", {"class": "lc-key-required"}, D.text.required)]))
  ]);
}

function table(head, rows, kind) {
  return el("table", {"class": "lc-table " + kind}, [
    el("thead", {}, el("tr", {}, head.map(function (h) { return el("th", {scope: "col"}, h); }))),
    el("tbody", {}, rows.map(function (row) {
      return el("tr", {}, row.map(function (cell) {
        return el("td", {}, cell && cell.word ? badge(cell.verdict, cell.word) : cell);
      }));
    }))
  ]);
}

function fold(title, content) {
  return el("details", {"class": "lc-fold"}, [el("summary", {}, title), content]);
}

lifecircle.popup = function (D, feature) {
  var T = D.text, clause = feature.k === undefined ? null : D.clauses[feature.k];
  var colour = feature.v ? (lifecircle.VERDICTS[feature.v] || lifecircle.VERDICTS.none).fill : "#1d3557";
  return el("article", {"class": "lc-popup", style: {borderTopColor: colour}}, [
    el("header", {}, [
      el("h3", {}, feature.n),
      feature.x && feature.n.indexOf(T.illustrative_mark) !== 0 ? el("span", {"class": "lc-mark"}, T.illustrative_mark) : null,
      feature.s ? el("p", {}, feature.s) : null
    ]),
    feature.g ? null : el("p", {"class": "lc-nowhere"}, T.no_position),
    feature.v || feature.f ? el("p", {"class": "lc-badges"},
      [feature.v ? badge(feature.v, feature.w) : null].concat((feature.f || []).map(function (flag) {
        return el("span", {"class": "lc-flag"}, flag);
      }))) : null,
    feature.r ? el("p", {"class": "lc-reason"}, feature.r) : null,
    feature.b ? bar(D, feature.b) : null,
    feature.m ? el("p", {"class": "lc-remedy"}, [el("strong", {}, T.remedy), feature.m]) : null,
    feature.p && feature.p.length ? facts(D, feature.p) : null,
    feature.t && feature.t.length ? el("section", {}, [
      el("h4", {}, T.nearest),
      table([T.reach_group, T.facility, T.straight, T.walk], feature.t.map(function (row) {
        return [D.words.reach_group[row[0]], row[1], row[2], row[3]];
      }), "lc-reach")
    ]) : null,
    clause ? el("blockquote", {}, [
      el("cite", {}, clause.cite),
      clause.quote ? el("p", {}, clause.quote) : null
    ]) : null,
    feature.e && feature.e.length ? fold(T.all_clauses, table(
      [T.clause, T.measured, T.required_value, T.verdict],
      feature.e.map(function (row) {
        var c = D.clauses[row[0]];
        return [c.short, row[1], row[2],
                /* a reference check is outside the verdict: its own word, in grey */
                row[4] ? {verdict: "reference", word: row[4]} : {verdict: row[3], word: D.words.status[row[3]]}];
      }), "lc-findings")) : null
  ]);
};
}());
