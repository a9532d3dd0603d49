/* Many shapes as a few arrays, and one canvas that draws them all: no object a shape, no style a
   shape, one look-up for a click. Fifty thousand areas are drawn in a few tenths of a second. */
(function () {
"use strict";

/* Shapes out of the columns of lifecircle.outputs.maps.shapes. */
lifecircle.Shapes = function (t) {
  var n = this.n = t.n, rings = t.count.length, k, r, v = 0;
  this.dim = t.dim;
  this.ringOf = new Int32Array(n + 1);
  for (k = 0; k < n; k++) { this.ringOf[k + 1] = this.ringOf[k] + t.rings[k]; }
  this.vertexOf = new Int32Array(rings + 1);
  for (r = 0; r < rings; r++) { this.vertexOf[r + 1] = this.vertexOf[r] + t.count[r]; }
  var lat = this.lat = new Int32Array(this.vertexOf[rings]), lon = this.lon = new Int32Array(lat.length);
  var y = 0, x = 0, unit = t.unit;
  for (r = 0; r < rings; r++) {
    var end = this.vertexOf[r + 1];
    y += t.start[2 * r]; x += t.start[2 * r + 1];
    lat[v] = y * unit; lon[v] = x * unit;
    for (v++; v < end; v++) {
      var s = 2 * (v - r - 1);
      y += t.steps[s]; x += t.steps[s + 1];
      lat[v] = y * unit; lon[v] = x * unit;
    }
  }
};
lifecircle.Shapes.prototype = {
  /* Position in the world of zoom 0, which is 256 pixels wide. */
  project: function () {
    var n = this.lat.length, X = this.x = new Float64Array(n), Y = this.y = new Float64Array(n), k, v;
    for (v = 0; v < n; v++) {
      var sine = Math.sin(this.lat[v] * Math.PI / 180e6);
      X[v] = (this.lon[v] / 360e6 + 0.5) * 256;
      Y[v] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 256;
    }
    var box = this.box = new Float64Array(4 * this.n);
    for (k = 0; k < this.n; k++) {
      var a = Infinity, b = Infinity, c = -Infinity, d = -Infinity;
      for (v = this.vertexOf[this.ringOf[k]]; v < this.vertexOf[this.ringOf[k + 1]]; v++) {
        if (X[v] < a) { a = X[v]; } if (X[v] > c) { c = X[v]; }
        if (Y[v] < b) { b = Y[v]; } if (Y[v] > d) { d = Y[v]; }
      }
      box[4 * k] = a; box[4 * k + 1] = b; box[4 * k + 2] = c; box[4 * k + 3] = d;
    }
    return this;
  },
  line: function (r) {
    var out = [];
    for (var v = this.vertexOf[r]; v < this.vertexOf[r + 1]; v++) { out.push([this.lat[v] / 1e6, this.lon[v] / 1e6]); }
    return out;
  },
  lines: function (k) {
    var out = [];
    for (var r = this.ringOf[k]; r < this.ringOf[k + 1]; r++) { out.push(this.line(r)); }
    return out;
  },
  placed: function (k) { return this.dim[k] !== 255; },
  bounds: function (k) {
    return L.latLngBounds([].concat.apply([], this.lines(k)));
  },
  inside: function (k, x, y) {
    var X = this.x, Y = this.y, found = false;
    for (var r = this.ringOf[k]; r < this.ringOf[k + 1]; r++) {
      var a = this.vertexOf[r], b = this.vertexOf[r + 1];
      for (var i = a, j = b - 1; i < b; j = i++) {
        if ((Y[i] > y) !== (Y[j] > y) && x < (X[j] - X[i]) * (y - Y[i]) / (Y[j] - Y[i]) + X[i]) { found = !found; }
      }
    }
    return found;
  },
  /* The Leaflet layer of one shape, for layers of a few hundred. */
  layer: function (k, style, renderer, interactive) {
    var options = L.extend({renderer: renderer, interactive: Boolean(interactive)}, style), lines = this.lines(k);
    if (this.dim[k] === 2) { return L.polygon(lines, options); }
    if (this.dim[k] === 1) { return L.polyline(lines, L.extend(options, {fill: false})); }
    var points = lines.map(function (p) { return L.circleMarker(p[0], options); });
    return points.length === 1 ? points[0] : L.featureGroup(points);
  }
};

/* A canvas of compact shapes. `look` of each shape is a number in `looks` (255: not drawn); the
   caller fills it in and asks for refresh(). */
lifecircle.Compact = L.Canvas.extend({
  initialize: function (shapes, looks, options) {
    L.Canvas.prototype.initialize.call(this, L.extend({padding: 0.25}, options));
    this.shapes = shapes.project();
    this.looks = looks;
    this.look = new Uint8Array(shapes.n).fill(255);
  },
  refresh: function () {
    if (this._map && !this._redrawRequest) { this._redrawRequest = L.Util.requestAnimFrame(this._redraw, this); }
  },
  /* The uppermost drawn shape at a place, -1 for none. */
  hit: function (latlng) {
    if (!this._map) { return -1; }
    var zoom = this._map.getZoom(), scale = Math.pow(2, zoom), p = this._map.project(latlng, 0), S = this.shapes, B = S.box;
    var reach = 9 / scale, best = -1;
    for (var k = 0; k < S.n; k++) {
      if (this.look[k] === 255) { continue; }
      var far = S.dim[k] === 0 ? reach : 0;
      if (p.x < B[4 * k] - far || p.x > B[4 * k + 2] + far || p.y < B[4 * k + 1] - far || p.y > B[4 * k + 3] + far) { continue; }
      if (S.dim[k] !== 2 || S.inside(k, p.x, p.y)) {
        if (best < 0 || this.looks[this.look[k]].rank >= this.looks[this.look[best]].rank) { best = k; }
      }
    }
    return best;
  },
  _draw: function () {
    if (!this._map || !this._bounds) { return; }
    var S = this.shapes, B = S.box, scale = Math.pow(2, this._map.getZoom()), origin = this._map.getPixelOrigin();
    var west = (this._bounds.min.x + origin.x - 12) / scale, east = (this._bounds.max.x + origin.x + 12) / scale;
    var north = (this._bounds.min.y + origin.y - 12) / scale, south = (this._bounds.max.y + origin.y + 12) / scale;
    var seen = this.looks.map(function () { return []; });
    for (var k = 0; k < S.n; k++) {
      if (this.look[k] !== 255 && B[4 * k] < east && B[4 * k + 2] > west && B[4 * k + 1] < south && B[4 * k + 3] > north) {
        seen[this.look[k]].push(k);
      }
    }
    var order = this.looks.map(function (look, n) { return n; }).sort(function (a, b) {
      return this.looks[a].rank - this.looks[b].rank || a - b;
    }.bind(this));
    this._ctx.save();
    order.forEach(function (n) {
      /* a path of more shapes than this is slow to fill */
      for (var from = 0; from < seen[n].length; from += 400) {
        this._paint(this.looks[n], seen[n].slice(from, from + 400), scale, origin);
      }
    }, this);
    this._ctx.restore();
  },
  _paint: function (look, some, scale, origin) {
    /* what is too small for a shape is a dot, a larger one where there is room */
    var dot = this.shapes.n < 8000 ? 2.8 : 1.8;
    var ctx = this._ctx, S = this.shapes, B = S.box, X = S.x, Y = S.y, ox = origin.x, oy = origin.y, large = [], lines = [], k, n;
    ctx.fillStyle = look.fill;
    ctx.globalAlpha = look.fillOpacity;
    ctx.beginPath();
    for (n = 0; n < some.length; n++) {
      k = some[n];
      var w = (B[4 * k + 2] - B[4 * k]) * scale, h = (B[4 * k + 3] - B[4 * k + 1]) * scale;
      if (S.dim[k] === 1) { lines.push(k); continue; }
      if (S.dim[k] === 2 && w < dot && h < dot) {
        ctx.rect(B[4 * k] * scale - ox - 0.4, B[4 * k + 1] * scale - oy - 0.4, dot, dot);
        continue;
      }
      this._trace(ctx, k, scale, ox, oy);
      if (S.dim[k] === 0 || w > 7 || h > 7) { large.push(k); }
    }
    if (look.fillOpacity) { ctx.fill("nonzero"); }
    ctx.globalAlpha = 1;
    if (look.hatch && look.fillOpacity && large.length) {
      ctx.beginPath();
      large.forEach(function (each) { this._trace(ctx, each, scale, ox, oy); }, this);
      ctx.fillStyle = lifecircle.hatchTile(ctx, look.hatch, look.dark);
      ctx.fill("nonzero");
    }
    if (!look.weight || !(large.length || lines.length)) { return; }
    ctx.beginPath();
    large.concat(lines).forEach(function (each) { this._trace(ctx, each, scale, ox, oy); }, this);
    ctx.globalAlpha = look.opacity || 1;
    ctx.strokeStyle = look.line;
    ctx.lineWidth = look.weight;
    ctx.lineJoin = "round";
    ctx.setLineDash(look.dash || []);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  },
  _trace: function (ctx, k, scale, ox, oy) {
    var S = this.shapes, X = S.x, Y = S.y;
    if (S.dim[k] === 0) {
      var size = Math.max(4.5, Math.min(8, this._map.getZoom() - 6));
      for (var p = S.vertexOf[S.ringOf[k]]; p < S.vertexOf[S.ringOf[k + 1]]; p++) {
        var x = X[p] * scale - ox, y = Y[p] * scale - oy;
        ctx.moveTo(x, y - size); ctx.lineTo(x + size, y); ctx.lineTo(x, y + size); ctx.lineTo(x - size, y); ctx.closePath();
      }
      return;
    }
    for (var r = S.ringOf[k]; r < S.ringOf[k + 1]; r++) {
      var first = S.vertexOf[r], end = S.vertexOf[r + 1], lastX = X[first] * scale - ox, lastY = Y[first] * scale - oy;
      ctx.moveTo(lastX, lastY);
      for (var v = first + 1; v < end; v++) {
        var px = X[v] * scale - ox, py = Y[v] * scale - oy;
        /* what is nearer than half a pixel is not seen */
        if (Math.abs(px - lastX) > 0.5 || Math.abs(py - lastY) > 0.5 || v === end - 1) { ctx.lineTo(px, py); lastX = px; lastY = py; }
      }
      if (S.dim[k] === 2) { ctx.closePath(); }
    }
  }
});
}());
