/** Reads that ask each question once, for as long as the returned function is kept; of more than `most` questions all are forgotten. What failed stays failed. */
export function once<Question extends readonly unknown[], Answer>(
  read: (...question: Question) => Promise<Answer>,
  most = Infinity,
): (...question: Question) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (...question) => {
    const name = JSON.stringify(question);
    const there = known.get(name);
    if (there !== undefined) return there;
    if (known.size >= most) known.clear();
    const asked = read(...question);
    known.set(name, asked);
    return asked;
  };
}
