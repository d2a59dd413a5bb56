/** Labels for people and for names, in the order of their names: `route=/pay, status=500`; empty without labels. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`)
    .join(', ');
}
