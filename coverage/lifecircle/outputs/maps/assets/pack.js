/* Reads the data block of lifecircle.outputs.maps.pack: letters, zlib, a document and its columns.
   Browsers since 2020 can inflate by themselves, but not at once, and those of many offices are
   older: so it is done here, the same way everywhere. */
var lifecircle = {};

(function () {
"use strict";

/* A look-up table of a Huffman code: the next bits of the stream -> symbol << 4 | length. */
function codes(lengths) {
  var count = new Uint16Array(16), next = new Uint16Array(16), longest = 0, k, bits;
  for (k = 0; k < lengths.length; k++) {
    count[lengths[k]]++;
    if (lengths[k] > longest) { longest = lengths[k]; }
  }
  count[0] = 0;
  for (bits = 1; bits < 16; bits++) { next[bits] = (next[bits - 1] + count[bits - 1]) << 1; }
  var size = 1 << longest, table = new Uint16Array(size);
  for (k = 0; k < lengths.length; k++) {
    var length = lengths[k];
    if (!length) { continue; }
    var code = next[length]++, turned = 0;
    for (bits = 0; bits < length; bits++) { turned |= ((code >> bits) & 1) << (length - 1 - bits); }
    for (; turned < size; turned += 1 << length) { table[turned] = k << 4 | length; }
  }
  return table;
}

/* RFC 1951, 3.2.5: symbol -> extra bits and base of lengths and of distances. */
var MORE = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
var LONG = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99,
            115, 131, 163, 195, 227, 258];
var FAR = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025,
           1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
var ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

lifecircle.inflate = function (given) {
  var out = new Uint8Array(given.length * 4 + 1024), at = 0, bit = 16; /* after zlib's two bytes */
  function peek() {
    var o = bit >> 3;
    return (given[o] | given[o + 1] << 8 | given[o + 2] << 16) >>> (bit & 7);
  }
  function take(n) { var v = peek() & ((1 << n) - 1); bit += n; return v; }
  function symbol(table) {
    var found = table[peek() & (table.length - 1)];
    if (!found) { throw new Error("lifecircle: the data block is damaged"); }
    bit += found & 15;
    return found >> 4;
  }
  function room(n) {
    if (at + n <= out.length) { return; }
    var larger = new Uint8Array(Math.max(out.length * 2, at + n));
    larger.set(out);
    out = larger;
  }
  for (var last = 0; !last;) {
    last = take(1);
    var kind = take(2), literal, distant, k;
    if (kind === 0) {
      bit = (bit + 7) & ~7;
      var o = (bit >> 3) + 4, n = given[o - 4] | given[o - 3] << 8;
      room(n);
      out.set(given.subarray(o, o + n), at);
      at += n;
      bit = (o + n) << 3;
      continue;
    }
    if (kind === 1) {
      var fixed = new Uint8Array(288);
      for (k = 0; k < 288; k++) { fixed[k] = k < 144 ? 8 : k < 256 ? 9 : k < 280 ? 7 : 8; }
      literal = codes(fixed);
      distant = codes(new Uint8Array(30).fill(5));
    } else {
      var literals = take(5) + 257, distances = take(5) + 1, steps = take(4) + 4;
      var small = new Uint8Array(19), lengths = new Uint8Array(literals + distances);
      for (k = 0; k < steps; k++) { small[ORDER[k]] = take(3); }
      var outer = codes(small);
      for (k = 0; k < lengths.length;) {
        var s = symbol(outer), fill = 0, times;
        if (s < 16) { lengths[k++] = s; continue; }
        if (s === 16) { fill = lengths[k - 1]; times = 3 + take(2); }
        else { times = s === 17 ? 3 + take(3) : 11 + take(7); }
        while (times--) { lengths[k++] = fill; }
      }
      literal = codes(lengths.subarray(0, literals));
      distant = codes(lengths.subarray(literals));
    }
    for (;;) {
      var found = symbol(literal);
      if (found < 256) {
        if (at === out.length) { room(1); }
        out[at++] = found;
        continue;
      }
      if (found === 256) { break; }
      var length = LONG[found - 257] + take(MORE[found - 257]);
      var far = symbol(distant), back = FAR[far] + take(far < 4 ? 0 : (far >> 1) - 1);
      room(length);
      for (k = 0; k < length; k++, at++) { out[at] = out[at - back]; }
    }
  }
  return out.subarray(0, at);
};

function utf8(bytes) { return new TextDecoder("utf-8").decode(bytes); }

/* 13 bits are two of 91 letters: the printable ones but < > &. */
function bytes(text) {
  var value = new Uint8Array(128), out = new Uint8Array(text.length / 2 * 13 >> 3), held = 0, bits = 0, o = 0, k, n = 0;
  for (k = 33; k < 127; k++) { if (k !== 38 && k !== 60 && k !== 62) { value[k] = n++; } }
  for (k = 0; k < text.length; k += 2) {
    held = held << 13 | value[text.charCodeAt(k)] * 91 + value[text.charCodeAt(k + 1)];
    for (bits += 13; bits >= 8;) { bits -= 8; out[o++] = held >>> bits; }
    held &= (1 << bits) - 1;
  }
  return out;
}

/* Pairs of numbers, stored byte by byte: the lowest of all first numbers, of all second ones, … */
function pairs(spec, first, raw) {
  var n = spec[2], half = n / 2, wide = spec[0] === "I" ? 4 : 2, out = wide === 4 ? new Int32Array(n) : new Int16Array(n);
  for (var b = 0, o = first + spec[1]; b < wide; b++) {
    for (var k = 0; k < n; k++) { out[k < half ? 2 * k : 2 * (k - half) + 1] |= raw[o++] << 8 * b; }
  }
  return out;
}

/* The document, with every {"#": …} made a column: codes are typed arrays, the others have
   get(row): a text or null, a number, null for a gap, Infinity. */
lifecircle.unpack = function (text) {
  var raw = lifecircle.inflate(bytes(text)), head = new DataView(raw.buffer).getUint32(0, true), first = 4 + head;
  var KINDS = {B: Uint8Array, h: Int16Array, i: Int32Array};
  function list(spec) { return JSON.parse(utf8(raw.subarray(first + spec[1], first + spec[1] + spec[2]))); }
  function column(spec) {
    if (spec[0] === "t") {
      var texts = list(spec);
      return {length: texts.length, get: function (row) { return texts[row]; }};
    }
    if (spec[0] === "H" || spec[0] === "I") { return pairs(spec, first, raw); }
    var codes = new KINDS[spec[0]](raw.buffer, first + spec[1], spec[2]);
    if (spec[3] === undefined) { return codes; }
    if (spec[3] instanceof Array) {
      var known = list(spec[3]);
      return {length: codes.length, get: function (row) { return known[codes[row]]; }};
    }
    var gap = spec[0] === "h" ? -32768 : -2147483648, endless = -1 - gap, unit = Math.pow(10, spec[3]);
    return {length: codes.length, digits: spec[3], get: function (row) {
      var v = codes[row];
      return v === gap ? null : v === endless ? Infinity : v / unit;
    }};
  }
  return JSON.parse(utf8(raw.subarray(4, first)), function (key, value) {
    return value && value["#"] ? column(value["#"]) : value;
  });
};
}());
