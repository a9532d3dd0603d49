/* Printing: the map takes the sheet's size, and its canvases become one. A browser prints a canvas as
   what was drawn on it, over white: of several, only the uppermost would be seen. As one they come
   out as lines and letters, sharp at any size. */
(function () {
"use strict";

function sheet(map, names) {
  var canvas = lifecircle.el("canvas", {id: "lc-paper", "aria-hidden": "true"}), size = map.getSize(), ctx = canvas.getContext("2d");
  canvas.width = 2 * size.x; canvas.height = 2 * size.y;
  L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
  canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
  ctx.scale(2, 2);
  ctx.fillStyle = getComputedStyle(map.getContainer()).backgroundColor;
  ctx.fillRect(0, 0, size.x, size.y);
  var corner = map.getContainer().getBoundingClientRect(), pane = map.latLngToLayerPoint(map.containerPointToLatLng([0, 0]));
  document.querySelectorAll(".leaflet-tile-loaded").forEach(function (tile) {
    var box = tile.getBoundingClientRect();
    ctx.drawImage(tile, box.left - corner.left, box.top - corner.top, box.width, box.height);
  });
  var layers = [];
  map.eachLayer(function (layer) {
    if (layer instanceof L.Canvas) { layers.push([Number(getComputedStyle(layer.getPane()).zIndex), layer]); }
  });
  layers.sort(function (a, b) { return a[0] - b[0]; }).forEach(function (pair) {
    var layer = pair[1], own = layer._ctx;
    ctx.save();
    ctx.translate(-pane.x, -pane.y);
    layer._ctx = ctx;
    layer._draw();
    layer._ctx = own;
    ctx.restore();
  });
  if (map.hasLayer(names)) { names.paint(ctx); }
  map.getPane("names").appendChild(canvas);
  return canvas;
}

lifecircle.paper = function (map, names, fit) {
  var before = null;
  window.addEventListener("beforeprint", function () {
    if (before) { return; }
    before = {centre: map.getCenter(), zoom: map.getZoom(), open: []};
    document.querySelectorAll(".lc-group").forEach(function (group) { before.open.push([group, group.open]); group.open = true; });
    document.documentElement.classList.add("lc-printing");
    map.invalidateSize({animate: false, pan: false});
    fit();
    before.canvas = sheet(map, names);
  });
  window.addEventListener("afterprint", function () {
    if (!before) { return; }
    document.documentElement.classList.remove("lc-printing");
    before.canvas.remove();
    before.open.forEach(function (pair) { pair[0].open = pair[1]; });
    map.invalidateSize({animate: false, pan: false});
    map.setView(before.centre, before.zoom, {animate: false});
    before = null;
  });
};
}());
