import type { ParsedLine } from './score';

/** Settings of the paper that go for every system: depth of the tree 4 (so two tokens lead to a leaf), similarity 0.5, at most 100 children a node. */
const LEADING_TOKENS = 2;
const LEAST_SIMILARITY = 0.5;
const MOST_CHILDREN = 100;
const WILDCARD = '<*>';

interface Group {
  readonly id: string;
  tokens: string[];
}

interface Node {
  readonly children: Map<string, Node>;
  readonly groups: Group[];
}

const HAS_DIGIT = /\d/;

/**
 * Drain as its paper has it (He et al. 2017, "Drain: An Online Log Parsing Approach with Fixed Depth Tree"), with one mask for all systems, which replaces IPv4 addresses: what
 * people would use as it comes. Memory is not bounded.
 */
export class PlainDrain {
  readonly #roots = new Map<number, Node>();
  #groups = 0;

  /** Takes a line in and returns its group, whose tokens may become more general with later lines. */
  add(line: string): { readonly id: string; readonly tokens: readonly string[] } {
    const tokens = line
      .replace(/\/?\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, WILDCARD)
      .trim()
      .split(/\s+/);
    const { groups } = this.#leaf(tokens);
    const nearest = mostSimilar(groups, tokens);
    if (nearest) {
      nearest.tokens = nearest.tokens.map((token, i) => (token === tokens[i] ? token : WILDCARD));
      return nearest;
    }
    this.#groups += 1;
    const group = { id: String(this.#groups), tokens };
    groups.push(group);
    return group;
  }

  /** What it says of some lines after it has seen them all. */
  parse(lines: readonly string[]): ParsedLine[] {
    return lines.map((line) => this.add(line)).map(({ id, tokens }) => ({ group: id, template: tokens.join(' ') }));
  }

  #leaf(tokens: readonly string[]): Node {
    let node = this.#roots.get(tokens.length);
    if (!node) this.#roots.set(tokens.length, (node = emptyNode()));
    for (const token of tokens.slice(0, LEADING_TOKENS)) node = child(node, token);
    return node;
  }
}

function emptyNode(): Node {
  return { children: new Map(), groups: [] };
}

function child(node: Node, token: string): Node {
  const known = node.children.get(token);
  if (known) return known;
  const key = HAS_DIGIT.test(token) || node.children.size >= MOST_CHILDREN - 1 ? WILDCARD : token;
  const found = node.children.get(key) ?? emptyNode();
  node.children.set(key, found);
  return found;
}

function mostSimilar(groups: readonly Group[], tokens: readonly string[]): Group | undefined {
  let best: Group | undefined;
  let [bestSimilarity, bestWildcards] = [-1, -1];
  for (const group of groups) {
    let [same, wildcards] = [0, 0];
    for (const [i, token] of group.tokens.entries()) {
      if (token === WILDCARD) wildcards += 1;
      else if (token === tokens[i]) same += 1;
    }
    const similarity = same / tokens.length;
    if (similarity > bestSimilarity || (similarity === bestSimilarity && wildcards > bestWildcards)) {
      [best, bestSimilarity, bestWildcards] = [group, similarity, wildcards];
    }
  }
  return bestSimilarity >= LEAST_SIMILARITY ? best : undefined;
}
