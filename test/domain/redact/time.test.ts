import { redact } from '../../../domain/redact';

const SIZE = 60_000;
/** Processor time that a measurement may be off by. */
const SLACK_MS = 60;

const SEEDS = [
  ...['a', '=', '-', '@', '4 ', '1-', '"', '\\', '\\"', '/', '.', '%', '+1 ', 'A1', '$6$', '<', '{', ';', 'eyJ', 'eyJ.', 'a@', '@a.', 'x://a:', 'a:b@'],
  ...[
    '-----BEGIN ',
    '-----BEGIN A-----',
    'password',
    'password="',
    'password: ',
    'token=a,',
    'cookie: a;',
    'a=b;',
    'Authorization: Basic ',
    'bearer ',
    'basic aaaaaaaa',
  ],
  ...[
    '--password ',
    ' -p',
    'mysql -p',
    'htpasswd -b',
    '"name":"token","value":',
    '<password ',
    'sk-',
    'hf_',
    'ghp_',
    'SG.',
    'M',
    '1//0',
    'arn:',
    'arn:aws:s3:::',
  ],
  ...[
    'DE89 3704 ',
    '555-',
    '123-45-',
    'aA0',
    'aA0/',
    'a1:5432:',
    'login a password ',
    'token was used ',
    '&quot;',
    '?sig=',
    'NRAL',
    'Q~',
    '.atlasv1.',
    '\u001b[0m',
  ],
];

function timeOf(text: string): number {
  const before = process.cpuUsage();
  redact(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test.each(SEEDS)('twice as much of %j takes about twice as long', (seed) => {
  const text = seed.repeat(Math.ceil((2 * SIZE) / seed.length));
  const once = Math.min(timeOf(`${text.slice(0, SIZE - 1)}!`), timeOf(text.slice(0, SIZE)));
  const most = 3 * once + SLACK_MS;
  // The collector of garbage and other work on the machine cost processor time now and then, but not each time.
  const twice = [1, 2, 3].reduce((least, _try) => (least < most ? least : Math.min(least, timeOf(text))), Infinity);
  expect(twice).toBeLessThan(most);
});
