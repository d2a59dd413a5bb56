import type { Draw } from './draw';

type Line = (d: Draw) => string;

const version = (d: Draw): string => `${String(d.number(0, 9))}.${String(d.number(0, 30))}.${String(d.number(0, 99))}`;
const pod = (d: Draw): string => `${d.word()}-${d.lowerDigits(10)}-${d.lowerDigits(5)}`;
const account = (d: Draw): string => d.digits(12);

/** Lines without anything to hide, full of what looks like it: ids, digests, versions, paths, classes, counters. */
export const INNOCENT: readonly Line[] = [
  (d) =>
    `${d.time()} INFO  [${d.word()}-thread-${String(d.number(1, 64))}] c.example.${d.word()}.OrderServiceImpl - order ${String(d.number(1, 999999))} placed in ${String(d.number(1, 900))} ms`,
  (d) => JSON.stringify({ time: d.time(), level: 'info', msg: 'request done', trace_id: d.hex(32), span_id: d.hex(16), status: 200, dur_ms: d.number(1, 900) }),
  (d) =>
    `level=info ts=${d.time()} caller=main.go:${String(d.number(10, 900))} msg="compaction done" ulid=01J${d.of('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)} size=${String(d.number(1, 1e9))}`,
  (d) => `commit ${d.hex(40)} (HEAD -> main, tag: v${version(d)})`,
  (d) => `arn:aws:${d.one(['sqs', 'sns', 'lambda', 'dynamodb'])}:eu-west-1:${account(d)}:${d.one(['function:', 'table/', ''])}${d.word()}-prod`,
  (d) => `Pulled image "registry.local/${d.word()}@sha256:${d.hex(64)}" in ${String(d.number(1, 30))}s`,
  (d) =>
    `Normal  Scheduled  pod/${pod(d)}  Successfully assigned shop/${pod(d)} to ip-10-0-${String(d.number(0, 255))}-${String(d.number(0, 255))}.eu-west-1.compute.internal`,
  (d) => `containerd: started container ${d.hex(64)} for sandbox ${d.hex(64)}`,
  (d) =>
    `REPORT RequestId: ${d.uuid()}\tDuration: ${String(d.number(1, 900))}.12 ms\tBilled Duration: ${String(d.number(1, 900))} ms\tMemory Size: 512 MB\tXRAY TraceId: 1-${d.hex(8)}-${d.hex(24)}`,
  (d) => `    at com.example.${d.word()}.AbstractSingletonProxyFactoryBean$$EnhancerBySpringCGLIB$$${d.hex(8)}.invoke(<generated>:${String(d.number(1, 900))})`,
  (d) =>
    `    at Object.<anonymous> (/usr/src/app/node_modules/@acme/${d.word()}-client/dist/cjs/${d.word()}HttpHandlerV2.js:${String(d.number(1, 900))}:${String(d.number(1, 90))})`,
  (d) =>
    `10.0.${String(d.number(0, 255))}.${String(d.number(0, 255))} - - [22/Nov/2026:10:00:0${String(d.number(0, 9))} +0000] "GET /api/v2/${d.word()}/${d.uuid()}/items?page=${String(d.number(1, 90))}&sort=price HTTP/1.1" 200 ${String(d.number(100, 99999))} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
  (d) => `traceparent: 00-${d.hex(32)}-${d.hex(16)}-01`,
  (d) => `ETag: "${d.hex(32)}-${String(d.number(1, 40))}"; x-amz-request-id: ${d.upperDigits(16)}; x-amz-id-2: ${d.base64(57)}`,
  (d) => `npm http fetch GET 200 https://registry.npmjs.org/${d.word()}/-/${d.word()}-${version(d)}.tgz ${String(d.number(10, 900))}ms (cache miss)`,
  (d) => `"integrity": "sha512-${d.base64(64)}",`,
  (d) => `github.com/${d.word()}/${d.word()} v${version(d)} h1:${d.base64(32)}`,
  (d) => `go: downloading github.com/${d.word()}/${d.word()} v0.0.0-20${d.digits(12)}-${d.hex(12)}`,
  (d) => `instance i-0${d.hex(16)} in subnet-0${d.hex(16)} (sg-0${d.hex(16)}) is running, ami-0${d.hex(16)}`,
  (d) => `error: rpc timeout after ${String(d.number(1, 90))}s, attempt ${String(d.number(1, 9))} of 10, peer=[fe80::${d.hex(4)}:${d.hex(4)}]:9092`,
  (d) =>
    `kafka: topic=${d.word()}.events.v1 partition=${String(d.number(0, 99))} offset=${d.number(1, 9) === 1 ? d.digits(12) : String(d.number(1, 1e9))} key=${d.word()}-${String(d.number(1, 1e6))} lag=${String(d.number(0, 9999))}`,
  (d) => `invalid token: unexpected ${d.one(['}', ']', 'EOF'])} at line ${String(d.number(1, 99))} column ${String(d.number(1, 99))}`,
  (d) =>
    `usage prompt_tokens=${String(d.number(1, 4000))} completion_tokens=${String(d.number(1, 900))} total_tokens=${String(d.number(1, 9000))} max_tokens=4096 model=m-${String(d.number(1, 9))}`,
  (d) => `MountVolume.SetUp failed for volume "tls" : secret "${d.word()}-tls" not found`,
  (d) => `authentication failed for user ${d.word()}: password authentication failed (SQLSTATE 28P01)`,
  (d) => `password_reset=true token_type=bearer secretName=${d.word()}-tls api_key_id=${String(d.number(1, 99))} auth=none`,
  (d) => `nova.compute [req-${d.uuid()} ${d.hex(32)} ${d.hex(32)} - - -] [instance: ${d.uuid()}] VM Started (Lifecycle Event)`,
  (d) => `dfs.DataNode: Receiving block blk_-${d.digits(19).replace(/^0/, '7')} src: /${d.ip()}:${String(d.number(30000, 60000))} dest: /${d.ip()}:50010`,
  (d) =>
    `checkpoint ${d.number(1, 9) === 1 ? d.digits(13) : String(d.number(1_760_000_000, 1_790_000_000))} written to s3://${d.word()}-state/${d.word()}/dt=2026-11-22/part-0${d.digits(4)}-${d.uuid()}.snappy.parquet`,
  (d) => `mongo: {"_id":{"$oid":"${d.hex(24)}"},"seq":${String(d.number(1, 1e9))},"updated":{"$date":"${d.time()}"}}`,
  (d) =>
    `Finished in ${String(d.number(1, 90))}.${d.digits(3)} seconds (files took 0.${d.digits(5)} seconds to load) ${String(d.number(1, 900))} examples, 0 failures`,
  (d) => `metric http_server_requests_seconds_bucket{service="${d.word()}",le="0.${d.digits(2)}",pod="${pod(d)}"} ${String(d.number(1, 1e6))}`,
  (d) =>
    `WARN o.s.b.a.SecurityAutoConfiguration${String(d.number(1, 9))} - Bean 'methodSecurityMetadataSource' of type [org.springframework.security.access.method.DelegatingMethodSecurityMetadataSource] is not eligible`,
  (d) => `<Event id="${d.uuid()}" time="${d.time()}" code="0x${d.hex(8)}">disk ${d.word()} at ${String(d.number(1, 99))}%</Event>`,
  (d) => `Session 0x${d.hex(15)} for server ${d.ip()}:2181, negotiated timeout = 10000, zxid: 0x${d.hex(9)}`,
];
