/** Cosine of two vectors of one length, -1 to 1; 0 where one of them is nothing. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  const norm = Math.sqrt(left * right);
  return norm > 0 ? dot / norm : 0;
}
