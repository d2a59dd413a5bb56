/** Normally distributed, mean 0 and standard deviation 1 (Box and Muller), by numbers from 0 to below 1. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One of a list, each as likely. Throws `RangeError` where there is none. */
export function pick<T>(list: readonly T[], random: () => number): T {
  if (list.length === 0) throw new RangeError('There is nothing to pick from.');
  return list[Math.floor(random() * list.length)] as T;
}
