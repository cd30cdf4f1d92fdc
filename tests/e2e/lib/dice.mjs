/** Chance that can be repeated: the seed is printed, and ERRAND_SEED sets it. */

export class Dice {
  constructor(whatFor) {
    this.seed = Number(process.env.ERRAND_SEED ?? Date.now() % 1_000_000);
    this.state = this.seed >>> 0;
    console.log(`       ${whatFor}: ERRAND_SEED=${this.seed} repeats this`);
  }

  /** A number from 0 up to but not including `end` (Mulberry32). */
  below(end) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  oneOf(list) {
    return list[this.below(list.length)];
  }

  word() {
    return Array.from({ length: 4 + this.below(5) }, () => String.fromCharCode(97 + this.below(26))).join("");
  }
}
