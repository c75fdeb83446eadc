// Plays stretches of the film, each as a file of its own, so that they begin and end on a sample.
export const player = {
  audio: null, rate: 48000, total: 0, sound: "mix", first: 0, stop: 0, looping: false, half: false,
  then: null, onChange: () => {},

  start(audio, { rate_hz, n_samples }) {
    Object.assign(this, { audio, rate: rate_hz, total: n_samples });
    for (const name of ["play", "pause", "ended", "error", "waiting", "playing"]) {
      audio.addEventListener(name, () => {
        if (name === "ended" && !this.looping) this.finished();
        this.onChange(name);
      });
    }
  },
  get playing() { return Boolean(this.audio?.getAttribute("src")) && !this.audio.paused && !this.audio.ended; },
  get at() { return this.first / this.rate + (this.audio?.currentTime ?? 0); },
  sample(time) { return Math.min(this.total, Math.max(0, Math.round(time * this.rate))); },

  play(from, to = null, { then = null, loop = this.looping } = {}) {
    const first = Math.min(this.sample(from), Math.max(0, this.total - 1));
    const stop = to === null ? this.total : Math.max(first + 1, this.sample(to));
    this.first = first;
    this.stop = stop;
    this.then = then;
    this.bounded = to !== null;
    this.audio.src = `/sound/${this.sound}.wav?from=${first}&to=${stop}`;
    this.audio.loop = loop && to !== null;
    this.audio.preservesPitch = true;
    this.audio.defaultPlaybackRate = this.audio.playbackRate = this.half ? 0.5 : 1;
    return this.audio.play().catch(() => {});
  },
  pause() { this.audio.pause(); },
  resume() { return this.audio.play().catch(() => {}); },
  finished() {
    const { then } = this;
    this.then = null;
    then?.();
  },
  setHalf(half) {
    this.half = half;
    this.audio.defaultPlaybackRate = this.audio.playbackRate = half ? 0.5 : 1;
  },
  setLoop(looping) {
    this.looping = looping;
    this.audio.loop = looping && Boolean(this.bounded);
  },
  setSound(sound) {
    const was = this.playing;
    const { at } = this;
    this.sound = sound;
    if (this.audio.getAttribute("src") === null) return;
    if (was) this.play(at, this.bounded ? this.stop / this.rate : null, { then: this.then });
    else this.forget(at);
  },
  // nothing is loaded, and the next play begins here
  forget(at) {
    this.audio.removeAttribute("src");
    this.audio.load();
    this.first = this.sample(at);
    this.bounded = false;
  },
};
