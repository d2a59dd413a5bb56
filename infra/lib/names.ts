/** What the names of Nightshift's own parts begin with: the policies that it prints are for such names. */
export const NAME = 'nightshift';
