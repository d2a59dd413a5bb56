/** Below this a row says nothing that those above it do not say. */
const LEAST_PIVOT = 1e-12;

/**
 * Solution of linear equations whose matrix is symmetric and positive definite, by elimination, which needs no pivoting then. Each row holds its coefficients and then its right side, and
 * is overwritten. Null where they have no single solution.
 */
export function solve(rows: readonly Float64Array[]): readonly number[] | null {
  for (const [column, top] of rows.entries()) {
    if (!(Math.abs(top[column] ?? 0) > LEAST_PIVOT)) return null;
    for (const row of rows.slice(column + 1)) subtract(row, top, column);
  }
  const result = new Array<number>(rows.length).fill(0);
  for (const [r, row] of [...rows.entries()].reverse()) {
    let sum = row[rows.length] ?? 0;
    for (let j = r + 1; j < rows.length; j += 1) sum -= (row[j] ?? 0) * (result[j] ?? 0);
    result[r] = sum / (row[r] ?? 1);
  }
  return result.every(Number.isFinite) ? result : null;
}

/** Takes so much of the upper row from a lower one that its column becomes zero. */
function subtract(row: Float64Array, top: Float64Array, column: number): void {
  const factor = (row[column] ?? 0) / (top[column] ?? 1);
  for (let j = column; j < row.length; j += 1) row[j] = (row[j] ?? 0) - factor * (top[j] ?? 0);
}
