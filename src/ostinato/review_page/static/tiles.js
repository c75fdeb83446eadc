// Peaks and spectrogram as little pictures, fetched when they come into view and kept for a while.
const AT_ONCE = 4;
const MOST = 400;
const PEAKS = 1024;
const COLUMNS = 256;
const BANDS = 64;
const HEIGHT = 64;
const QUIET = 2 * (127 - 95); // bytes: 95 dB below full scale is paper
const LOUD = 2 * (127 - 25);
const PEAK = 210; // of 255: how strong the waveform is inked
const STRENGTHS = Uint8ClampedArray.from({ length: 256 }, (_, level) => 255 * Math.max(0, (level - QUIET) / (LOUD - QUIET)) ** 1.4);

export class Tiles {
  constructor({ onLoad }) {
    this.onLoad = onLoad;
    this.made = new Map();
    this.wanted = [];
    this.running = 0;
    this.isOn = false;
    this.paintWith([0, 0, 0]);
  }

  start(sound) {
    this.layers = { peaks: sound.peak_layers, columns: sound.column_layers };
    this.total = sound.n_samples;
    this.isOn = true;
  }

  paintWith(ink) {
    if (String(ink) === String(this.ink)) return;
    this.ink = ink;
    // the ink at each strength, as a pixel is stored
    const bytes = Uint8ClampedArray.from({ length: 4 * 256 }, (_, i) => (i % 4 === 3 ? i >> 2 : ink[i % 4]));
    this.shades = new Uint32Array(bytes.buffer);
    this.made.forEach((tile) => { tile.picture = null; });
  }

  // draws samples [first, stop) into a box; what is not there yet is asked for
  draw(context, kind, first, stop, x, y, width, height) {
    if (!this.isOn || stop <= first) return;
    this.wanted.length = 0;
    const perPixel = (stop - first) / width;
    const layers = this.layers[kind];
    let layer = 0;
    while (layer + 1 < layers.length && layers[layer + 1] <= perPixel) layer += 1;
    const samples = layers[layer];
    const span = samples * (kind === "peaks" ? PEAKS : COLUMNS);
    const scale = width / (stop - first);
    for (let index = Math.max(0, Math.floor(first / span)); index * span < Math.min(stop, this.total); index += 1) {
      const tile = this.tile(kind, samples, index) ?? null;
      if (tile === null) continue;
      const covered = tile.n * samples;
      context.drawImage(tile.picture, 0, 0, tile.n, tile.height, x + (index * span - first) * scale, y, covered * scale, height);
    }
    this.fetchSome();
  }

  tile(kind, samples, index) {
    const key = `${kind}/${samples}/${index}`;
    const tile = this.made.get(key);
    if (!tile) {
      this.wanted.push(key);
      return null;
    }
    if (!tile.data) return null;
    if (!tile.picture) this.paint(tile, kind);
    return tile;
  }

  fetchSome() {
    while (this.running < AT_ONCE && this.wanted.length) this.fetchOne(this.wanted.shift());
  }

  async fetchOne(key) {
    const tile = { data: null, picture: null, n: 0, height: HEIGHT };
    this.made.set(key, tile);
    if (this.made.size > MOST) this.made.delete(this.made.keys().next().value);
    this.running += 1;
    try {
      const response = await fetch(`/tiles/${key}`, { credentials: "same-origin" });
      if (response.ok) {
        tile.data = new Uint8Array(await response.arrayBuffer());
        this.paint(tile, key.split("/")[0]); // not while a frame waits for it
      } else setTimeout(() => this.made.delete(key), 5000);
    } catch {
      setTimeout(() => this.made.delete(key), 5000);
    }
    this.running -= 1;
    this.onLoad();
  }

  paint(tile, kind) {
    tile.n = Math.max(1, kind === "peaks" ? tile.data.length / 2 : tile.data.length / BANDS);
    tile.height = kind === "peaks" ? HEIGHT : BANDS;
    const canvas = new OffscreenCanvas(tile.n, tile.height);
    const context = canvas.getContext("2d");
    const image = context.createImageData(tile.n, tile.height);
    const pixels = new Uint32Array(image.data.buffer);
    if (kind === "peaks") this.paintPeaks(pixels, new Int8Array(tile.data.buffer), tile.n);
    else this.paintColumns(pixels, tile.data, tile.n);
    context.putImageData(image, 0, 0);
    tile.picture = canvas.transferToImageBitmap();
  }

  paintPeaks(pixels, peaks, n) {
    const middle = HEIGHT / 2;
    for (let i = 0; i < n; i += 1) {
      const top = Math.floor(middle - (peaks[2 * i + 1] / 127) * (middle - 0.5));
      const bottom = Math.floor(middle - (peaks[2 * i] / 127) * (middle - 0.5));
      for (let row = top; row <= Math.min(HEIGHT - 1, Math.max(top, bottom)); row += 1) pixels[row * n + i] = this.shades[PEAK];
    }
  }

  paintColumns(pixels, columns, n) {
    for (let i = 0; i < n; i += 1) {
      for (let band = 0; band < BANDS; band += 1) {
        pixels[(BANDS - 1 - band) * n + i] = this.shades[STRENGTHS[columns[i * BANDS + band]]];
      }
    }
  }
}
