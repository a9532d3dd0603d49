/* What a click tells: one builder for features with rows of their own, one for the areas' columns. */
(function () {
"use strict";
var el = lifecircle.el;

/* A number as every output prints it: groups of three, no trailing zeros. */
lifecircle.number = function (value, digits) {
  if (value === null || value === Infinity) { return "–"; }
  var parts = value.toFixed(digits || 0).split(".");
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
  var rest = (parts[1] || "").replace(/0+$/, "");
  return rest ? parts[0] + "." + rest : parts[0];
};
lifecircle.fill = function (template, values) {
  return template.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
};
/* Per cent of one decimal; 0 and 100 are whole. */
lifecircle.percent = function (value) {
  return (value === 0 || value === 100 ? String(value) : value.toFixed(1)) + " %";
};

function badge(status, word, reference) {
  var v = lifecircle.verdict(status, reference);
  return el("span", {"class": "lc-badge", style: {background: v.fill, borderColor: v.line}}, word);
}
lifecircle.badge = badge;

/* Whether a fact needs a whole line; a Chinese character is as wide as two letters. */
function wide(text) { return text.replace(/[\u2e80-\uffff]/g, "##").length > 14; }

/* Rows [label, value, …]: short facts stand two abreast, long ones have a line to themselves. */
function facts(rows) {
  var list = el("dl", {"class": "lc-facts"});
  rows.forEach(function (row) {
    list.appendChild(el("div", {"class": wide(row[1]) ? "lc-wide" : null}, [el("dt", {}, row[0]), el("dd", {}, row[1])]));
  });
  return rows.length ? list : null;
}

/* Provision as a bar: own, recorded and arrangeable m² against what is required. */
function bar(T, provision) {
  var required = provision.required, parts = ["own", "recorded", "arrangeable"];
  var sum = parts.reduce(function (total, key) { return total + (provision[key] || 0); }, 0);
  var full = Math.max(required, sum) || 1, label = T.provision_bar;
  var track = el("div", {"class": "lc-bar", role: "img", "aria-label": lifecircle.fill(label, {
    required: lifecircle.number(required, 1), own: lifecircle.number(provision.own, 1),
    recorded: lifecircle.number(provision.recorded, 1), arrangeable: lifecircle.number(provision.arrangeable, 1)
  })});
  parts.forEach(function (key) {
    if (provision[key] > 0) {
      track.appendChild(el("span", {"class": "lc-bar-" + key, style: {width: (100 * provision[key] / full) + "%"}}));
    }
  });
  track.appendChild(el("i", {style: {left: (100 * required / full) + "%"}}));
  return el("div", {"class": "lc-provision"}, [
    track,
    el("div", {"class": "lc-bar-key"}, parts.map(function (key) {
      return el("span", {"class": "lc-key-" + key}, T[key]);
    }).concat([el("span", {"class": "lc-key-required"}, T.required)]))
  ]);
}

function table(head, rows, kind) {
  return el("table", {"class": "lc-table " + kind}, [
    el("thead", {}, el("tr", {}, head.map(function (h) { return el("th", {scope: "col"}, h); }))),
    el("tbody", {}, rows.map(function (row) {
      return el("tr", {}, row.map(function (cell) { return el("td", {}, cell); }));
    }))
  ]);
}

function fold(title, content) {
  return el("details", {"class": "lc-fold"}, [el("summary", {}, title), content]);
}
function quote(clause) {
  return el("blockquote", {}, [el("cite", {}, clause.cite), clause.quote ? el("p", {}, clause.quote) : null]);
}
function badges(first, flags) {
  return el("p", {"class": "lc-badges"}, [first].concat((flags ? flags.split("\n") : []).map(function (flag) {
    return el("span", {"class": "lc-flag"}, flag);
  })));
}

/* A figure of a clause in its unit. */
lifecircle.figure = function (D, clause, value) {
  if (value === null) { return "–"; }
  if (value === Infinity) {
    return clause.unit_code === "m" ? D.text.none : clause.unit_code === "min" ? D.search_limit : D.text.unknown;
  }
  return clause.unit === "%" ? lifecircle.percent(value)
    : (lifecircle.number(value, clause.measured ? clause.measured.digits : 2) + " " + clause.unit).trim();
};
lifecircle.metres = function (D, value) {
  return value === null ? D.text.unknown : value === Infinity ? D.text.none
    : lifecircle.fill(D.text.value_m, {n: lifecircle.number(value, 0)});
};
lifecircle.walk = function (D, metres, minutes) {
  if (metres === null && minutes === null) { return D.text.unknown; }
  if (metres === Infinity || minutes === Infinity) { return D.search_limit; }
  var parts = [];
  if (metres !== null) { parts.push(lifecircle.fill(D.text.value_m, {n: lifecircle.number(metres, 0)})); }
  if (minutes !== null) { parts.push(lifecircle.fill(D.text.value_min, {n: lifecircle.number(minutes, 1)})); }
  return parts.join(" · ");
};
/* The legs of a walk: to the street, along the streets, to the door; their sum is the walk. */
lifecircle.legs = function (D, metres, access, egress) {
  if (access === null || egress === null || metres === null || metres === Infinity) { return ""; }
  if (access >= metres) { return ""; } /* straight there, on no street: one leg is the walk */
  function shown(value) { return lifecircle.number(value, 0); }
  return lifecircle.fill(D.text.legs, {a: shown(access), n: shown(metres - access - egress), e: shown(egress)});
};
lifecircle.statusWord = function (D, status, reference) {
  return (reference && D.words.reference[status]) || D.words.status[status];
};

/* Required, measured, deficit of one subject under one clause, as rows. */
function figures(D, clause, k) {
  return ["required", "measured", "deficit"].filter(function (name) {
    var v = clause[name] ? clause[name].get(k) : null;
    return v !== null && !(name === "deficit" && (v === 0 || v === Infinity));
  }).map(function (name) {
    var value = lifecircle.figure(D, clause, clause[name].get(k));
    return [D.text["figure_" + name], name === "deficit" && clause.least && clause.least[k] ? lifecircle.fill(D.text.at_least, {n: value}) : value];
  });
}

/* What one clause says of one subject, as a row of the table of all clauses. */
function finding(D, clause, k) {
  var status = D.status[clause.status[k]];
  if (status === "none" || status === "not_applicable" || status === "not_in_force") { return null; }
  return [clause.short, clause.measured ? lifecircle.figure(D, clause, clause.measured.get(k)) : "",
          clause.required ? lifecircle.figure(D, clause, clause.required.get(k)) : "",
          badge(status, lifecircle.statusWord(D, status, clause.reference), clause.reference)];
}
function findings(D, subject, k) {
  var rows = D.clauses.filter(function (c) { return c.subject === subject && c.status; }).map(function (c) {
    return finding(D, c, k);
  }).filter(Boolean);
  return rows.length ? fold(D.text.all_clauses, table(
    [D.text.clause, D.text.measured, D.text.required_value, D.text.verdict], rows, "lc-findings")) : null;
}

function isTold(value) { return value !== null && value !== Infinity; }

/* An area under the clause that is shown. `view`: {clause, status, reason, flags, told}. */
lifecircle.areaPopup = function (D, k, view) {
  var A = D.areas, T = D.text, told = view.told, rows = [], reach = [];
  function known(name, unit, shown) {
    var v = A[name].get(k), asked = ["required_m2", "deficit_m2", "deficit_if_arranged_m2"].indexOf(name) >= 0, value;
    if (v !== null) {
      value = lifecircle.number(v, A[name].digits);
      if (v > 0 && name.indexOf("deficit") === 0 && A.least && A.least[k]) { value = lifecircle.fill(T.at_least, {n: value}); }
      value = lifecircle.fill(T["value_" + unit], {n: value});
      /* m² that no clause in judgment asks of this area are for comparison only */
      rows.push([T["label_" + name], asked && A.aside[k] ? lifecircle.fill(T.of_reference, {value: value}) : value]);
    }
    else if (shown) { rows.push([T["label_" + name], T.missing]); }
  }
  known("households", "households", true);
  known("population", "people");
  known("elders", "people");
  /* of a coverage that is not known the share is only the least: 0 % would be read as none */
  var share = D.coverage[A.coverage[k]] === "unknown" ? null : A.share.get(k);
  rows.push([D.coverage_label, D.words.coverage[D.coverage[A.coverage[k]]]
    + (share === null ? "" : " · " + lifecircle.fill(T.share_reached, {share: lifecircle.percent(share)}))]);
  ["required_m2", "own_m2", "recorded_m2", "arrangeable_m2", "deficit_m2"].forEach(function (name) {
    /* what the clause's own figures say stands above; a share of nothing is not told */
    var said = told && told.unit_code === "m2" && (name === "required_m2" || name === "deficit_m2");
    if (!said && (name !== "recorded_m2" && name !== "arrangeable_m2" || A[name].get(k) > 0)) { known(name, "m2"); }
  });
  if (A.arrangeable_m2.get(k) > 0) { known("deficit_if_arranged_m2", "m2"); }
  if (A.project.get(k)) { rows.push([T.label_project, A.project.get(k)]); }
  if (A.remark.get(k)) { rows.push([T.label_remark, A.remark.get(k)]); }
  rows.push([T.label_id, A.id.get(k)]);

  D.reach_of.forEach(function (r, n) {
    var near = [r.radius_facility[k], r.walk_facility[k]].filter(function (f, i, all) { return f >= 0 && all.indexOf(f) === i; });
    if ((!near.length && n > 0) || (r.rural_only && A.setting.get(k) === "urban")) { return; }
    if (!near.length && r.radius_m.get(k) === null && r.walk_m.get(k) === null) { return; }
    reach.push([D.words.reach_group[r.group], near.map(function (f) { return D.facilities[f].n; }).join(" / ") || T.none,
                lifecircle.metres(D, r.radius_m.get(k)), lifecircle.walk(D, r.walk_m.get(k), r.walk_min.get(k))
                  + lifecircle.legs(D, r.walk_m.get(k), r.access_m.get(k), r.egress_m.get(k))]);
  });
  var required = A.required_m2.get(k), counted = required > 0 && required !== Infinity;
  var v = lifecircle.verdict(view.status, view.clause.reference);
  return el("article", {"class": "lc-popup", style: {borderTopColor: v.fill}}, [
    el("header", {}, [
      el("h3", {}, A.name.get(k)),
      A.illustrative[k] && A.name.get(k).indexOf(T.illustrative_mark) !== 0 ? el("span", {"class": "lc-mark"}, T.illustrative_mark) : null,
      A.about.get(k) ? el("p", {}, A.about.get(k)) : null
    ]),
    D.shapes.placed(k) ? null : el("p", {"class": "lc-nowhere"}, T.no_position),
    A.unread.get(k) ? el("p", {"class": "lc-nowhere"}, A.unread.get(k)) : null,
    el("p", {"class": "lc-asked"}, view.clause.short),
    badges(badge(view.status, lifecircle.statusWord(D, view.status, view.clause.reference), view.clause.reference), view.flags),
    view.reason ? el("p", {"class": "lc-reason"}, view.reason) : null,
    told ? facts(figures(D, told, k)) : null,
    /* under a clause that asks for no m² (or asks nothing of this area) they are another's */
    (counted || A.remedy.get(k)) && !(told && told.unit_code === "m2") ? el("h4", {}, T.quota_apart) : null,
    /* a bar of m² that are not known would show none */
    counted && isTold(A.own_m2.get(k)) && isTold(A.recorded_m2.get(k)) ? bar(T, {
      required: required, own: A.own_m2.get(k), recorded: A.recorded_m2.get(k), arrangeable: A.arrangeable_m2.get(k)
    }) : null,
    A.remedy.get(k) ? el("p", {"class": "lc-remedy"}, [el("strong", {}, T.remedy), A.remedy.get(k)]) : null,
    facts(rows),
    reach.length ? el("section", {}, [el("h4", {}, T.nearest),
      table([T.reach_group, T.facility, T.straight, T.walk], reach, "lc-reach")]) : null,
    quote(told || view.clause),
    findings(D, "residential", k)
  ]);
};

/* Anything else: a unit, a facility, what is checked. `view` as above where a clause is about it. */
lifecircle.popup = function (D, feature, view) {
  var T = D.text, rows = [], flat = feature.p || [];
  for (var i = 0; i < flat.length; i += 2) { rows.push([D.labels[flat[i]], flat[i + 1]]); }
  var colour = view ? lifecircle.verdict(view.status, view.clause.reference).fill : "#1d3557";
  return el("article", {"class": "lc-popup", style: {borderTopColor: colour}}, [
    el("header", {}, [
      el("h3", {}, feature.n),
      feature.x && feature.n.indexOf(T.illustrative_mark) !== 0 ? el("span", {"class": "lc-mark"}, T.illustrative_mark) : null,
      feature.s ? el("p", {}, feature.s) : null
    ]),
    feature.nowhere ? el("p", {"class": "lc-nowhere"}, T.no_position) : null,
    view ? el("p", {"class": "lc-asked"}, view.clause.short) : null,
    view ? badges(badge(view.status, lifecircle.statusWord(D, view.status, view.clause.reference), view.clause.reference), view.flags) : null,
    view && view.reason ? el("p", {"class": "lc-reason"}, view.reason) : null,
    view && view.rate !== undefined ? el("p", {"class": "lc-reason"}, view.rate) : null,
    view && view.told ? facts(figures(D, view.clause, view.row)) : null,
    facts(rows),
    view ? quote(view.clause) : null,
    feature.subject ? findings(D, feature.subject, feature.row) : null
  ]);
};
}());
