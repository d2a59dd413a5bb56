import type { ByteReader, ByteWriter } from './byte-io';
import { kept, SortedWindow } from './sorted-window';

/** Pairs that are remembered, and with how many a scale is known. */
const REMEMBERED = 2000;
const LEAST_KNOWN = 200;
/** Scores that hardly differ count as differing by this share of the highest. */
const LEAST_SPREAD = 0.01;
/** Our own strength never gets there. */
const MOST = 0.999;

/**
 * Puts somebody else's scores on the scale of our own strengths (0 to 1) by their ranks: a score that so many of theirs reach is as strong as what as many of ours reach. Beyond all that
 * was seen the odds grow with how far it is beyond, measured by the distance from their middle to their highest.
 */
export class ScoreCalibration {
  private readonly theirs = new SortedWindow(REMEMBERED);
  private readonly own = new SortedWindow(REMEMBERED);

  /** Whether the scale is known. */
  get known(): boolean {
    return this.theirs.size >= LEAST_KNOWN;
  }

  /** Their score of a value on our scale, and our own strength of it while too little is known. Learns from both. */
  take(theirs: number, own: number): number {
    const strength = this.known ? this.onOurScale(theirs) : own;
    this.theirs.take(kept(theirs));
    this.own.take(kept(own));
    return strength;
  }

  write(out: ByteWriter): void {
    this.theirs.write(out);
    this.own.write(out);
  }

  read(from: ByteReader): void {
    this.theirs.read(from);
    this.own.read(from);
  }

  private onOurScale(score: number): number {
    const [middle, highest] = [this.theirs.quantile(0.5), this.theirs.quantile(1)];
    const strength = Math.min(MOST, this.own.quantile(this.theirs.rank(kept(score))));
    if (score <= highest) return strength;
    const beyond = 1 + (score - highest) / Math.max(highest - middle, LEAST_SPREAD * Math.abs(highest), Number.MIN_VALUE);
    const odds = (strength / (1 - strength)) * beyond;
    return Math.min(MOST, 1 - 1 / (1 + odds));
  }
}
