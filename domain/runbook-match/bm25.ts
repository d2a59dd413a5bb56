/** Words of a document with how often each stands there; what a field weighs may be part of that. */
export type WordCounts = ReadonlyMap<string, number>;

/** Usual values of BM25: how soon a repeated word stops to count, and how much long documents are held back. */
const K1 = 1.2;
const B = 0.75;

/** Scores a document, named by its place, against words with weights. */
export type Scorer = (document: number, query: WordCounts) => number;

/**
 * Okapi BM25 over a few documents (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), with the idf that is never negative. The same on every
 * machine: rounded to a thousandth, so that the order of additions cannot tell.
 */
export function bm25(documents: readonly WordCounts[]): Scorer {
  const lengths = documents.map((words) => [...words.values()].reduce((sum, count) => sum + count, 0));
  const filled = lengths.filter((length) => length > 0);
  const average = filled.reduce((sum, length) => sum + length, 0) / Math.max(1, filled.length);
  const holders = new Map<string, number>();
  for (const words of documents) for (const word of words.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  const idf = (word: string): number => {
    const held = holders.get(word) ?? 0;
    return Math.log(1 + (documents.length - held + 0.5) / (held + 0.5));
  };
  return (document, query) => {
    const words = documents[document];
    if (words === undefined) return 0;
    const norm = K1 * (1 - B + (B * (lengths[document] ?? 0)) / Math.max(1, average));
    const score = [...query].reduce((sum, [word, weight]) => {
      const count = words.get(word) ?? 0;
      return count === 0 ? sum : sum + (weight * idf(word) * count * (K1 + 1)) / (count + norm);
    }, 0);
    return Math.round(score * 1000) / 1000;
  };
}

/** Counts words; each weighs `weight`. */
export function countWords(words: readonly string[], weight = 1, counts = new Map<string, number>()): Map<string, number> {
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
  return counts;
}
