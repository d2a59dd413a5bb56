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
using password "«zxub-cffxf-zwys10»" for root
changed password to «iawy-wkdbi-qcqc26»
login failed with password «OHDvTHQz!Cgah»
SMTP_PASSWORD [«kyRw9pdSe$DSlr»] and api_key («fddc103b10522caeffc7349c04ba3bd8»)
var dbPassword string = "«usow-vkhdu-hyfi61»"
password: str = "«Dragon1159!»"
passwd: !!str «Tiger1260_x»
password: |  «MYJmvM81$L3oG»
| password | «Dragon4472» |
"secret","«da0f7d20fcf9a1f41f12312df41250cd»","x"
<vsts_pat>«qhfly9m6ilnij8f3bewc42u53rm7jjxsmzc8d8lr0s9fq7wjm7to»</vsts_pat>
az devops --vsts-pat «1e83ep4dhs4ztpj7a9e1uedmlqb22hke09ily5qf2ty2oi6r2gej» -o table
LDAP_BIND_PW=«7Fn8qOCznkoPNV5DuCMOQm10» wallet_key=«0xeb16843d6a3076c699b70789530b4cfe37b12756d4ccb21eb9bab03c981f81fa»
ENV apiSecret «j63pRLkjQqXrB18»
config set requirepass «0EplUY47bZRSGY»
npm config set //r.acme.com/:_authToken «jDEDoUEkINF58o»
1700000000.1 [0 10.0.0.4:5] "AUTH" "«9qmBFXabSfonEv»"
SET PASSWORD FOR x = PASSWORD('«FkPzfIOPcSFeBo»');
ConvertTo-SecureString "«WrypmyWtqO7mc3»" -AsPlainText -Force
lftp -u me,«i39vNQ7afiaXEX» ftp://h
sqlplus scott/«UbHlqSNmNwsSej»@orcl
xfreerdp /u:me /p:«ezXyci8NXGeGI1» /v:h
curl --user admin:«wSgtjhtECK4V» https://x/
openssl enc -aes-256-cbc -k «J1YDYEXBFSuA» -in a
echo «lSR4tPpUF69Dwz» | docker login --username x --password-stdin
GET /cb?code=«JPXzZNuNYprNDf6FVbp2»&state=abc
GET /f?key=«iEDKJyZYDautJq5jL4m1» HTTP/1.1
GET /p?a=1&code_verifier=«yU-MW0lp1DV7VlDHy2o4n7iY»#frag
GET /p?a=1&hmac=«On1fr8pds9HEvtZGar2SeH06» 200
origin key v1.0-«f824e13ba5cde553c6004d70-3810ce3104164dcdfa206bc753af83113b0616368c0b478bdd1cc47bf43144b5c024784adb477cde82f768c4776ab62370025fe3d1932c3f84f6d6cfc8542025a7452b3967bc7409d3»
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
  'secretKeyRef: {name: db-creds, key: password}',
  'CredentialsProviderChain: trying EnvironmentCredentials',
  'rsync --password-file /run/secrets/db --authenticationDatabase admin',
  'PASSWORD_MIN_LENGTH=12 password_hash_algorithm=bcrypt',
  '| password | varchar(255) | NO |',
  '"id","password","created_at2"',
  'const token: string = getToken()',
  'password = os.environ["DB_PASSWORD"]',
  'token=$TOKEN {"password":null,"token":""}',
  'Authorization: missing, cookies: 12',
  'PWD=/srv/app OLDPWD=/root',
  'env token provider selected, AUTH failed for client',
  'ConvertTo-SecureString failed; sqlplus exited with 1',
  'GET /cb?code=access_denied_by_user&key=PRODUCT_LIST_VIEW_2',
  'curl --user-agent bot/2.1 https://x/ ; openssl s_client -connect x:443 -key k.pem',
  'web-7d9c6b8f9-x2v4q on ip-10-0-3-17 at 10.0.3.17:9100',
])('leaves alone: %s', (line) => {
  expect(redact(line)).toBe(line);
});
