import { redact } from '../../../domain/redact';

/** Lines as programs write them; what stands between « and » must go. */
const LINES = String.raw`
env: MYSQL_ROOT_PASSWORD=«t0pS3cret!» MYSQL_DATABASE=shop
Server=tcp:db,1433;User ID=app;Password=«Pa$$w0rd!1»;Encrypt=True
postgresql+psycopg2://shop:«hGf8-2kL»@10.1.2.3:5432/shop
mysql://root:«S3cr#t?99»@db:3306/x
redis-cli -h cache -a «s3cr3tRedis» ping
mysql -h db -u root -p«abcD1234» shop
sshpass -p «abcD1234» ssh root@host
curl -u admin:«pa55w0rd!» https://x/y
curl -H "X-Api-Key: «a8f5f167f44f4964e6c998dee827110c»" https://api.x
run --password «hunter2» --verbose
args: ["--api-key", "«abc12345»", "-v"]
map[Accept:[*/*] Authorization:[Bearer «abcdEFGH12345678ijkl»]]
Cookie: theme=«darkmode1»; sid=«k3j4h5k3j4h5»; cart=«zx81zx82»
Proxy-Authorization: Basic «Ym9iOmh1bnRlcjI=»
"SecretString": "{\"password\":\"«EXAMPLE-PW-9»\"}"
&quot;password&quot;:&quot;«hunter2»&quot;
password%3D«hunter2»
${'\u001b'}[36mpassword=${'\u001b'}[0m«hunter2» next
DefaultEndpointsProtocol=https;AccountKey=«Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==»;EndpointSuffix=x
https://a.blob.core.windows.net/c?sv=2024&sig=«abc%2Bdefgh%3D»&se=2026
https://o.s3.amazonaws.com/k?X-Amz-Signature=«247a2aa45f169edf4d187d54e7cc46e4731b1e6273242c4f»&x=1
HEROKU_API_KEY: «01234567-89ab-cdef-0123-456789abcdef»
PAGERDUTY_ROUTING_KEY=«R0123456789ABCDEF0123456789ABCDE»
wireguard PrivateKey = «yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=»
bob:«$apr1$lYpQ5Mhw$KGZYQTkFrh1oCxZOzFjhn.»
argon «$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b5dWRWJTmaaJObG»
machine git.example.com login ci password «Wint3r&Frost»
db.local:5432:shop:app:«s3cretpw»
ALTER USER bob WITH PASSWORD '«hunter2»';
<property name="connection.password">«p4ssw0rd»</property>
{"name":"DB_PASSWORD","value":"«s3cret»"}
System.setProperty("db.password", "«hunter2»");
Login failed for user 'sa' with password '«Sup3rS3cret»'
Invalid API key provided: «a8f5f167f44f4964e6c998dee827110c»
{"password":{"S":"«hunter2»"}}
phone="«+49 (0)30 1234567»", email=«bob.smith+tag@example.co.uk»
iban «FR14 2004 1010 0505 0001 3M02 606» ok
ssn «078-05-1120», card «3782 822463 10005»
`
  .trim()
  .split('\n');

test.each(LINES)('nothing is left of what is secret in %s', (marked) => {
  const secrets = [...marked.matchAll(/«(.*?)»/g)].map(([, secret = '']) => secret);
  const out = redact(marked.replace(/[«»]/g, ''));
  for (const secret of secrets)
    for (const half of [secret.slice(0, Math.ceil(secret.length / 2)), secret.slice(Math.floor(secret.length / 2))]) expect(out).not.toContain(half);
  expect(redact(out)).toBe(out);
});

test.each([
  'Failed to refresh token: connection refused',
  'Invalid token: expected } at 3',
  'token_count=12 max_tokens: 4096 completion_tokens=7 token_type=bearer',
  'secretName: tls-cert, secret "tls-cert-v2" not found',
  'password: ${DB_PASSWORD} and token=null, secret: {{ .Values.secret }}',
  'rabbit routing_key=orders.created',
  'password authentication failed for user shop',
  'x-amz-id-2: eftixk72aD6Ap51TnqcoF8eFidJG9Z/2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran',
  '"integrity": "sha512-oRrpVpVpX8mPpYzqQ9Wn2R7u4dX0aB3cE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9fG1hJ3kL5mN7pQ9r=="',
  'Receiving block blk_-4500000000000000000 and blk_4111111111111111',
  'from 3f1c0d2e9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d to b7d1e2f30415263748596a7b8c9d0e1f2a3b4c5d',
  'https://app.example.io/app/acme/workspaces/checkout-network/runs/run-5fGh7Jk2Lm9Np4Qr',
  'TargetTracking-service/shop/checkout-AlarmLow-0f5c7d2e-8a36-4d0b-9c57-3b1d7d1c2a11',
  'at com.example.AbstractSingletonProxyFactoryBean2HttpV2HandlerImpl.invoke(Proxy.java:42)',
  'web-7d9c6b8f9-x2v4q on ip-10-0-3-17 at 10.0.3.17:9100',
])('leaves alone: %s', (line) => {
  expect(redact(line)).toBe(line);
});
