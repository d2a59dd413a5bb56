import { gitObjectId, gitTreeId } from '../../domain/git-object';

// Ids as git 2.39 gives them.
test('a blob has the id that git gives it', () => {
  expect(gitObjectId('blob', Buffer.from(''))).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(gitObjectId('blob', Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});

test('a tree of files, programs, links and folders has the id that git gives it', () => {
  const entries = [
    { path: 'README.md', mode: '100644', sha: 'ce013625030ba8dba906f756967f9e9ca394464a' },
    { path: 'run', mode: '100755', sha: '1a2485251c33a70432394c93fb89330ef214bfc9' },
    { path: 'runbooks.md', mode: '120000', sha: '42061c01a1c70097d1e4579f29a5adf40abdec95' },
    { path: 'runbooks', mode: '040000', sha: '67d99b5477ce1dd758f39b41a9d3fe122dcd4a91' },
  ];
  expect(gitTreeId(entries)).toBe('37d0a7d7ee970b055a58abc06718b14cd8d880bf');
  expect(gitTreeId([])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  expect(gitTreeId(entries.slice(1))).not.toBe(gitTreeId(entries));
});
