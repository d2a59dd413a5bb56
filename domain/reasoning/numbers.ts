const NUMBER = /\d+(?:[.,]\d+)*/g;
/** Ids of evidence and of hypotheses are no numbers of the evidence. */
const OURS = /(?<![A-Za-z0-9])[EH]\d{1,2}(?![A-Za-z0-9])/g;
/** Digits that read as others than they are. */
const OTHER_DIGITS = /(?![0-9])\p{Nd}/u;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** The numbers in a text, in one way of writing each: `1,200` and `1200`, `0.50` and `0.5` are the same; `2.4.1` is a version and stays as it is. */
export function numbersIn(text: string): readonly string[] {
  return (text.replace(OURS, ' ').match(NUMBER) ?? []).map(plain);
}

/** Numbers of a statement that stand in none of the texts, and digits of other scripts. */
export function inventedNumbers(statement: string, texts: readonly string[]): readonly string[] {
  const known = new Set(texts.flatMap(numbersIn));
  const other = OTHER_DIGITS.exec(statement)?.[0];
  return [...new Set(numbersIn(statement))].filter((each) => !known.has(each)).concat(other ?? []);
}

function plain(number: string): string {
  const joined = THOUSANDS.test(number) ? number.replaceAll(',', '') : number.replace(/,$/, '');
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(joined) ? String(Number(joined)) : joined;
}
