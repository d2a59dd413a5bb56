import type { Draw } from './draw';

/** A secret and a piece of text that holds it, as its vendor documents it or as programs write it. */
export interface Planted {
  readonly secret: string;
  readonly text: string;
}

const PHRASES = ['correct-horse-9', 'S0mmer!2026', 'pa55w0rd', 'Zx9#kLm2', 'hunter2hunter2', 'qwertz_123', 'letMeIn42', 'Wint3r&Frost', 'tr0ub4dor'];

const bare =
  (make: (d: Draw) => string) =>
  (d: Draw): Planted => {
    const secret = make(d);
    return { secret, text: secret };
  };
const inText =
  (make: (d: Draw) => string, ...texts: readonly ((secret: string, d: Draw) => string)[]) =>
  (d: Draw): Planted => {
    const secret = make(d);
    return { secret, text: d.one(texts)(secret, d) };
  };
const password = (d: Draw): string =>
  d.number(0, 2) === 0 ? d.one(PHRASES) : d.of('abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%*+-_', d.number(8, 20));
const plainPassword = (d: Draw): string => d.of('abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!*-_.~', d.number(8, 20)) + d.digits(1);

/** Secrets that tell by their look what they are, wherever they stand. */
export const TOKENS: Readonly<Record<string, (d: Draw) => Planted>> = {
  'aws-access-key-id': bare((d) => d.one(['AKIA', 'ASIA']) + d.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)),
  'github-classic': bare((d) => `gh${d.one(['p', 'o', 'u', 's', 'r'])}_${d.base62(36)}`),
  'github-fine-grained': bare((d) => `github_pat_${d.base62(22)}_${d.base62(59)}`),
  gitlab: bare((d) => `glpat-${d.base64url(20)}`),
  slack: bare((d) => `xox${d.one(['b', 'p', 'a'])}-${d.digits(12)}-${d.digits(12)}-${d.base62(24)}`),
  stripe: bare((d) => `${d.one(['sk', 'rk'])}_live_${d.base62(d.one([24, 99]))}`),
  npm: bare((d) => `npm_${d.base62(36)}`),
  pypi: bare((d) => `pypi-AgEIcHlwaS5vcmc${d.base64url(150)}`),
  'google-api-key': bare((d) => `AIza${d.base64url(35)}`),
  'google-oauth': bare((d) => d.one([`ya29.${d.base64url(120)}`, `GOCSPX-${d.base64url(28)}`])),
  openai: bare((d) => d.one([`sk-proj-${d.base64url(74)}T3BlbkFJ${d.base64url(74)}`, `sk-${d.base62(20)}T3BlbkFJ${d.base62(20)}`])),
  anthropic: bare((d) => `sk-ant-api03-${d.base64url(93)}AA`),
  huggingface: bare((d) => `hf_${d.base62(34)}`),
  sendgrid: bare((d) => `SG.${d.base64url(22)}.${d.base64url(43)}`),
  mailgun: bare((d) => d.one([`key-${d.hex(32)}`, `${d.hex(32)}-${d.hex(8)}-${d.hex(8)}`])),
  'twilio-key': bare((d) => `SK${d.hex(32)}`),
  'new-relic': bare((d) => d.one([`NRAK-${d.upperDigits(27)}`, `${d.hex(36)}NRAL`])),
  digitalocean: bare((d) => `dop_v1_${d.hex(64)}`),
  'discord-bot': bare((d) => `${d.one(['M', 'N', 'O'])}${d.base62(23)}.${d.base64url(6)}.${d.base64url(38)}`),
  'telegram-bot': bare((d) => `${d.digits(9).replace(/^0/, '5')}:AA${d.base64url(33)}`),
  shopify: bare((d) => `shp${d.one(['at', 'ca', 'pa', 'ss'])}_${d.hex(32)}`),
  square: bare((d) => d.one([`sq0atp-${d.base64url(22)}`, `sq0csp-${d.base64url(43)}`, `EAAA${d.base64url(60)}`])),
  databricks: bare((d) => `dapi${d.hex(32)}`),
  vault: bare((d) => `hvs.${d.base64url(90)}`),
  'terraform-cloud': bare((d) => `${d.base62(14)}.atlasv1.${d.base64url(67)}`),
  'docker-hub': bare((d) => `dckr_pat_${d.base64url(27)}`),
  'azure-ad-secret': bare((d) => `${d.base62(3)}${d.digits(1)}Q~${d.base62(34)}`),
  age: bare((d) => `AGE-SECRET-KEY-1${d.of('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`),
  jwt: bare((d) => `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOi${d.base64url(60)}.${d.base64url(86)}`),
  bcrypt: bare((d) => `$2b$12$${d.of('./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 53)}`),
  'sha512-crypt': bare((d) => `$6$${d.base62(16)}$${d.of('./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 86)}`),
  grafana: bare((d) => `glsa_${d.base62(32)}_${d.hex(8)}`),
  atlassian: bare((d) => `ATATT3xFfGF0${d.base64url(170)}=${d.of('0123456789ABCDEF', 8)}`),
  'slack-webhook': bare((d) => `https://hooks.slack.com/services/T${d.upperDigits(10)}/B${d.upperDigits(10)}/${d.base62(24)}`),
  'discord-webhook': bare((d) => `https://discord.com/api/webhooks/${d.digits(18)}/${d.base64url(68)}`),
  email: bare((d) => `${d.lower(6)}.${d.lower(5)}@${d.lower(7)}.${d.one(['com', 'org', 'co.uk', 'de'])}`),
  phone: bare((d) =>
    d.one([`+4917${d.digits(9)}`, `+1 ${String(d.number(201, 989))} ${String(d.number(200, 999))} ${d.digits(4)}`, `+44 20 7${d.digits(3)} ${d.digits(4)}`]),
  ),
  card: bare((d) =>
    d.one([
      luhn(`4${d.digits(14)}`),
      luhn(`5${d.one(['1', '3', '5'])}${d.digits(13)}`),
      luhn(`37${d.digits(12)}`),
      luhn(`4${d.digits(14)}`).replace(/(.{4})(?=.)/g, '$1 '),
    ]),
  ),
  iban: bare((d) => iban('DE', d.digits(18))),
  ssn: bare((d) => `${String(d.number(100, 665))}-${String(d.number(10, 99))}-${String(d.number(1000, 9999))}`),
  'random-base64': bare((d) => d.base64(d.one([33, 48, 64]))),
};

/** Secrets that only what stands around them tells. */
export const NAMED: Readonly<Record<string, (d: Draw) => Planted>> = {
  'aws-secret-key': inText(
    (d) => d.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 40),
    (s) => `aws_secret_access_key = ${s}`,
    (s) => `"SecretAccessKey": "${s}"`,
    (s) => `AWS_SECRET_ACCESS_KEY=${s}`,
  ),
  'aws-session-token': inText(
    (d) => `IQoJb3JpZ2luX2Vj${d.base64(200)}`,
    (s) => `AWS_SESSION_TOKEN=${s}`,
    (s) => `"SessionToken":"${s}"`,
    (s) => `x-amz-security-token: ${s}`,
  ),
  'presigned-url': inText(
    (d) => d.hex(64),
    (s, d) =>
      `https://${d.word()}.s3.eu-west-1.amazonaws.com/a/${d.hex(8)}.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=${s}&X-Amz-SignedHeaders=host`,
  ),
  'azure-storage-key': inText(
    (d) => d.base64(64),
    (s, d) => `DefaultEndpointsProtocol=https;AccountName=${d.word()};AccountKey=${s};EndpointSuffix=core.windows.net`,
  ),
  'azure-sas': inText(
    (d) => encodeURIComponent(d.base64(32)),
    (s, d) => `https://${d.word()}.blob.core.windows.net/backup?sv=2024-11-04&ss=b&srt=co&sp=rl&se=2026-12-01T00:00:00Z&sig=${s}`,
  ),
  'gcp-service-account': inText(
    (d) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${d.base64(300)}`,
    (s) =>
      `{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\n${s}\\n-----END PRIVATE KEY-----\\n","token_uri":"https://oauth2.googleapis.com/token"}`,
  ),
  bearer: inText(
    (d) => d.base62(40),
    (s) => `Authorization: Bearer ${s}`,
    (s) => `"authorization":"Bearer ${s}"`,
    (s) => `-H 'authorization: bearer ${s}'`,
  ),
  'basic-auth': inText(
    (d) => Buffer.from(`${d.word()}:${password(d)}`).toString('base64'),
    (s) => `Authorization: Basic ${s}`,
    (s) => `'Proxy-Authorization': 'Basic ${s}'`,
  ),
  cookie: inText(
    (d) => d.base62(32),
    (s) => `Cookie: theme=dark; sid=${s}; lang=de`,
    (s) => `Set-Cookie: connect.sid=s%3A${s}; Path=/; HttpOnly; Secure`,
  ),
  'database-url': inText(
    plainPassword,
    (s, d) => `${d.one(['postgres', 'postgresql', 'mysql', 'mongodb+srv', 'amqp'])}://app:${s}@db.${d.word()}.internal/main`,
  ),
  'jdbc-password': inText(
    plainPassword,
    (s, d) => `jdbc:mysql://db:3306/${d.word()}?user=app&password=${s}&useSSL=true`,
    (s) => `jdbc:sqlserver://db:1433;user=sa;password=${s};encrypt=true`,
  ),
  'odbc-password': inText(password, (s) => `Driver={ODBC Driver 18};Server=db;Uid=app;Pwd=${s};Encrypt=yes`),
  'password-json': inText(
    password,
    (s, d) => JSON.stringify({ user: d.word(), password: s }),
    (s) => JSON.stringify(JSON.stringify({ dbPassword: s })),
  ),
  'password-logfmt': inText(
    password,
    (s, d) => `user=${d.word()} password=${s} attempt=2`,
    (s, d) => `user=${d.word()} passwd="${s}" ok=false`,
  ),
  'password-yaml': inText(
    password,
    (s) => `password: ${s}`,
    (s) => `smtp_password: "${s}"`,
    (s) => `spring.datasource.password=${s}`,
  ),
  'password-flag': inText(
    password,
    (s, d) => `run ${d.word()} --password ${s} --verbose`,
    (s) => `mysql -h db -u root -p${s} main`,
    (s) => `curl -u admin:${s} http://localhost/`,
    (s) => `docker login -u ci -p ${s} registry.local`,
  ),
  netrc: inText(password, (s, d) => `machine git.${d.word()}.net login ci password ${s}`),
  'docker-auth': inText(
    (d) => Buffer.from(`ci:${d.base62(20)}`).toString('base64'),
    (s) => `{"auths":{"registry.local":{"auth":"${s}"}}}`,
  ),
  'kubernetes-secret': inText(
    (d) => Buffer.from(d.base62(18)).toString('base64'),
    (s) => `{"kind":"Secret","data":{"db-password":"${s}"}}`,
    (s) => `  api-token: ${s}`,
  ),
  'twilio-auth-token': inText(
    (d) => d.hex(32),
    (s) => `TWILIO_AUTH_TOKEN=${s}`,
    (s) => `"authToken": "${s}"`,
  ),
  datadog: inText(
    (d) => d.hex(32),
    (s) => `DD_API_KEY=${s}`,
    (s) => `DD-API-KEY: ${s}`,
    (s) => `datadog.app_key=${s}`,
  ),
  pagerduty: inText(
    (d) => `R${d.upperDigits(31)}`,
    (s) => `"routing_key":"${s}"`,
    (s) => `PAGERDUTY_INTEGRATION_KEY=${s}`,
  ),
  heroku: inText(
    (d) => d.uuid(),
    (s) => `HEROKU_API_KEY=${s}`,
  ),
  'client-secret': inText(
    (d) => d.base64url(40),
    (s) => `grant_type=client_credentials&client_id=app&client_secret=${s}`,
  ),
  htpasswd: inText(
    (d) => `$apr1$${d.base62(8)}$${d.base62(22)}`,
    (s, d) => `${d.word()}:${s}`,
  ),
  'ssh-private-key': inText(
    (d) => d.base64(180),
    (s) => `-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAA${s}\\n-----END OPENSSH PRIVATE KEY-----`,
  ),
};

function luhn(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => total + (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : Number(digit)), 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
}

function iban(country: string, account: string): string {
  const number = `${account}${[...country].map((letter) => String(letter.charCodeAt(0) - 55)).join('')}00`;
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}
