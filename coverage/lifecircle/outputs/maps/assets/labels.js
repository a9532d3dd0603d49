/* Names on the map: drawn on a canvas of their own, none over another. */
(function () {
"use strict";

var FEW = 40;
var FONT = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",SimHei,sans-serif';

/* Label: {text, kind, lat and lon | shapes and ring, zoom: least zoom, shown: fn, aside: fn of pixels}. The areas' names
   are not labels but columns: {shapes, at, name: fn, shown: fn}, written after the units' names. */
lifecircle.Labels = L.Layer.extend({
  initialize: function (labels, areas, obstacles) {
    this._labels = labels;
    this._areas = areas;
    this._obstacles = obstacles;
  },
  getEvents: function () {
    return {moveend: this.draw, zoomstart: this._hide, zoomend: this.draw, resize: this.draw};
  },
  onAdd: function (map) {
    this._canvas = lifecircle.el("canvas", {"class": "lc-labels", "aria-hidden": "true"});
    map.getPane("names").appendChild(this._canvas);
    this.draw();
  },
  onRemove: function () { this._canvas.remove(); },
  _hide: function () { this._canvas.style.visibility = "hidden"; },

  draw: function () {
    if (!this._map) { return; }
    var map = this._map, size = map.getSize(), ratio = Math.max(2, window.devicePixelRatio || 1), canvas = this._canvas;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = size.x * ratio; canvas.height = size.y * ratio;
    canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
    canvas.style.visibility = "";
    canvas.getContext("2d").scale(ratio, ratio);
    this.paint(canvas.getContext("2d"));
  },
  /* Write the names on a canvas whose corner is the map's. */
  paint: function (ctx) {
    var map = this._map, zoom = map.getZoom();
    ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
    var taken = [], view = map.getBounds().pad(0.1), streets = {};

    function free(box) {
      return !taken.some(function (o) {
        return box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1];
      });
    }
    function write(text, x, y, look, angle) {
      ctx.save();
      ctx.translate(x, y);
      if (angle) { ctx.rotate(angle); }
      ctx.strokeStyle = look.halo; ctx.lineWidth = look.haloWidth; ctx.strokeText(text, 0, 0);
      ctx.fillStyle = look.color; ctx.fillText(text, 0, 0);
      ctx.restore();
    }
    function text(label) {
      if (zoom < label.zoom || (label.shown && !label.shown())) { return; }
      var look = LOOKS[label.kind];
      if (label.shapes ? !view.intersects(extent(label)) : !view.contains([label.lat, label.lon])) { return; }
      ctx.font = look.weight + " " + look.size + "px " + FONT;
      var width = ctx.measureText(label.text).width + 4;
      if (label.shapes) { follow(label, look, width); return; }
      spot(label.text, look, width, map.latLngToContainerPoint([label.lat, label.lon]).add(label.aside && label.aside() || [0, 0]), label.dy || 0);
    }
    function spot(words, look, width, p, dy) {
      /* what stands by the edge is named within it: a name cut off is another name */
      var wide = map.getSize().x, inside = p.x >= 0 && p.x <= wide && width <= wide;
      var x = inside ? Math.max(width / 2, Math.min(wide - width / 2, p.x)) : p.x;
      var half = look.size * 0.65, y = p.y + dy, box = [x - width / 2, y - half, x + width / 2, y + half];
      if (!free(box)) { return; }
      taken.push(box);
      write(words, x, y, look, 0);
    }
    function follow(label, look, width) {
      var half = look.size * 0.65, place = along(map, label.shapes.line(label.ring), width, view);
      if (!place) { return; }
      var spread = Math.abs(Math.cos(place.angle)) * width / 2 + half;
      var rise = Math.abs(Math.sin(place.angle)) * width / 2 + half;
      var box = [place.x - spread, place.y - rise, place.x + spread, place.y + rise];
      var again = (streets[label.text] || []).some(function (p) {
        return Math.hypot(p.x - place.x, p.y - place.y) < 420;
      });
      if (again || !free(box)) { return; }
      (streets[label.text] = streets[label.text] || []).push(place);
      taken.push(box);
      write(label.text, place.x, place.y, look, place.angle);
    }
    var first = 0;
    while (first < this._labels.length && this._labels[first].kind === "unit") { text(this._labels[first++]); }
    /* a town's name may stand over a facility, all others keep clear of them */
    taken = taken.concat(this._obstacles());
    if (zoom >= 13.6 || few(this._areas)) { areas(this._areas); }
    this._labels.slice(first).forEach(text);

    /* from afar a map of few areas still says which they are */
    function few(A) {
      var inView = 0;
      for (var k = 0; k < A.shapes.n && inView <= FEW; k++) {
        inView += A.shapes.placed(k) && view.contains([A.at[2 * k] / 1e6, A.at[2 * k + 1] / 1e6]);
      }
      return inView <= FEW;
    }
    function areas(A) {
      var S = A.shapes, look = LOOKS.area, scale = Math.pow(2, zoom), written = 0;
      var south = view.getSouth() * 1e6, north = view.getNorth() * 1e6, west = view.getWest() * 1e6, east = view.getEast() * 1e6;
      ctx.font = look.weight + " " + look.size + "px " + FONT;
      for (var k = 0; k < S.n && written < 600; k++) {
        var lat = A.at[2 * k], lon = A.at[2 * k + 1];
        if (lat < south || lat > north || lon < west || lon > east || !S.placed(k) || !A.shown(k)) { continue; }
        var words = A.name(k), width = ctx.measureText(words).width + 4;
        if (S.dim[k] === 2 && (S.box[4 * k + 2] - S.box[4 * k]) * scale < width * 0.62 && zoom < 16.4) { continue; }
        written++;
        spot(words, look, width, map.latLngToContainerPoint([lat / 1e6, lon / 1e6]), S.dim[k] === 0 ? 15 : 0);
      }
    }
  }
});

var LOOKS = {
  unit: {size: 15, weight: 700, color: "#57606c", halo: "rgba(255,255,255,.9)", haloWidth: 4},
  area: {size: 12, weight: 600, color: "#1c2733", halo: "rgba(255,255,255,.88)", haloWidth: 3.2},
  facility: {size: 11.5, weight: 600, color: "#14325c", halo: "rgba(255,255,255,.95)", haloWidth: 3.2},
  street: {size: 11, weight: 500, color: "#6f6a5f", halo: "rgba(255,255,255,.95)", haloWidth: 3},
  water: {size: 13, weight: 500, color: "#4b86a8", halo: "rgba(255,255,255,.7)", haloWidth: 3}
};

function extent(label) {
  label.extent = label.extent || L.latLngBounds(label.shapes.line(label.ring));
  return label.extent;
}

/* The middle of the longest stretch in view that is straight enough for the text. */
function along(map, line, width, view) {
  var points = line.map(function (p) { return map.latLngToContainerPoint(p); });
  var reach = [0];
  for (var i = 1; i < points.length; i++) {
    reach.push(reach[i - 1] + points[i].distanceTo(points[i - 1]));
  }
  var total = reach[reach.length - 1];
  if (total < width * 1.05) { return null; }
  function at(s) {
    var k = 1;
    while (k < reach.length - 1 && reach[k] < s) { k++; }
    var f = (s - reach[k - 1]) / (reach[k] - reach[k - 1] || 1);
    return L.point(points[k - 1].x + f * (points[k].x - points[k - 1].x),
                   points[k - 1].y + f * (points[k].y - points[k - 1].y));
  }
  for (var n = 0; n < 9; n++) {
    /* try the middle first, then outwards */
    var middle = total / 2 + (n % 2 ? 1 : -1) * Math.ceil(n / 2) * total / 10;
    if (middle < width / 2 || middle > total - width / 2) { continue; }
    var a = at(middle - width / 2), b = at(middle + width / 2), m = at(middle);
    if (!view.contains(map.containerPointToLatLng(m)) || a.distanceTo(b) < width * 0.96) { continue; }
    var angle = Math.atan2(b.y - a.y, b.x - a.x);
    if (angle > Math.PI / 2) { angle -= Math.PI; }
    if (angle < -Math.PI / 2) { angle += Math.PI; }
    return {x: m.x, y: m.y, angle: angle};
  }
  return null;
}
}());
