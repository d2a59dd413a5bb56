/** @typedef {{ id: string, title: string, author: string, cents: number, blurb: string }} Book */

const PLACES = ['harbour', 'river', 'orchard', 'island', 'station', 'mountain', 'market', 'garden', 'lighthouse', 'valley'];
const THINGS = ['clock', 'letter', 'lantern', 'map', 'violin', 'compass', 'winter', 'promise', 'shadow', 'machine'];
const PEOPLE = ['Ines Valk', 'Tomas Reuter', 'Ada Okoro', 'Mirko Sand', 'Lena Farrow', 'Jun Imai', 'Rosa Quill', 'Piet Halder'];
const COUNT = 400;
const HITS = 60;

/** The shop's books, the same at every start. @returns {readonly Book[]} */
export function makeCatalogue() {
  return Array.from({ length: COUNT }, (_, i) => {
    const place = PLACES[i % PLACES.length] ?? '';
    const thing = THINGS[Math.floor(i / PLACES.length) % THINGS.length] ?? '';
    const author = PEOPLE[(i * 7) % PEOPLE.length] ?? '';
    const blurb = `A ${thing} is found at the ${place}, and nobody who saw it that night will speak of it. `.repeat(4).trim();
    return { id: `b${i + 1}`, title: `The ${thing} of the ${place}, part ${1 + Math.floor(i / 100)}`, author, cents: 700 + ((i * 37) % 30) * 50, blurb };
  });
}

/**
 * Books whose title or author has any of the words, best first, at most 60.
 * @param {readonly Book[]} books @param {string} query @returns {readonly Book[]}
 */
export function searchBooks(books, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = books.map((book) => {
    const text = `${book.title} ${book.author}`.toLowerCase();
    return { book, score: words.filter((word) => text.includes(word)).length };
  });
  const hits = scored.filter((hit) => hit.score > 0).sort((a, b) => b.score - a.score);
  return hits.slice(0, HITS).map((hit) => hit.book);
}
