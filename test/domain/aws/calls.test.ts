import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { AWS_OPERATIONS } from '../../../domain/aws/calls';
import { READ_ACTIONS } from '../../../domain/aws/prices';

// Compared with what is built, not with the sources: a call that only a test or a benchmark makes is none of the product, one in a file that nothing loads is not made, and what a
// compiler or a bundler puts in would not show in the sources. `npm test` builds before; run alone, this file judges the build that is there.

const ROOT = join(__dirname, '../../..');
const DIST = join(ROOT, 'dist');
/** From here everything is reached that `nightshift` loads, when it starts or later. */
const ENTRY = join(DIST, 'workers', 'main.js');
const CLIENT = /^@aws-sdk\/client-(.+)$/;
const SDK = /^@(?:aws-sdk|aws|smithy|aws-crypto)\//;
/** Loads whose names are no literals: the service to practise on, which is a plain module without packages. */
const KNOWN_COMPUTED = ['cli/demo/shop.js'];

interface Taken {
  readonly file: string;
  readonly from: string;
  /** Names that are taken; undefined where the whole module is held, so that anything may be taken. */
  readonly names: readonly string[] | undefined;
}

/** Files that the entry loads, and those that these load, in whichever way a literal name stands in the code; and places where a name is computed. */
function loaded(): { readonly files: ReadonlyMap<string, string>; readonly computed: readonly string[] } {
  const files = new Map<string, string>();
  const computed: string[] = [];
  const waiting: (string | undefined)[] = [ENTRY];
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (file === undefined || files.has(file)) continue;
    const text = readFileSync(file, 'utf8');
    files.set(file, text);
    for (const [call, name] of text.matchAll(/\b(?:require|import)\(\s*(?:"([^"]*)"|[^)]*)/g)) {
      if (name === undefined) computed.push(`${file.slice(DIST.length + 1)}: ${call}`);
      else if (name.startsWith('.')) waiting.push(resolved(dirname(file), name));
    }
  }
  return { files, computed };
}

/** Undefined for what is no code. */
function resolved(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  const found = [path, `${path}.js`, join(path, 'index.js')].find((each) => each.endsWith('.js') && existsSync(each));
  if (found === undefined && !/\.(?:json|node|html)$/.test(name)) throw new Error(`${path} is not in the build: run npm run build.`);
  return found;
}

/** What the code of a file takes from modules: `const { a } = await import()`, `sdk.a` of `const sdk = require()`; whatever else is done with a module takes all of it. */
function takenBy(file: string, text: string): Taken[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const modules = new Map<string, string>();
  const taken: Taken[] = [];
  const held = (node: ts.Node): string | undefined => (ts.isIdentifier(node) ? modules.get(node.text) : moduleOf(node));
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) {
      const from = held(node.initializer);
      if (from !== undefined && ts.isIdentifier(node.name)) return void modules.set(node.name.text, from);
      if (from !== undefined && ts.isObjectBindingPattern(node.name)) {
        const rest = node.name.elements.some((each) => each.dotDotDotToken);
        const names = node.name.elements.map((each) => (each.propertyName ?? each.name).getText(source));
        return void taken.push({ file, from, names: rest ? undefined : names });
      }
    }
    if (ts.isPropertyAccessExpression(node)) {
      const from = held(unwrapped(node.expression));
      if (from !== undefined) return void taken.push({ file, from, names: [node.name.text] });
    }
    const from = isName(node) ? undefined : held(node);
    if (from !== undefined) return void taken.push({ file, from, names: undefined });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return taken;
}

/** The module of `require("…")`, `await import("…")`, and of either in what a compiler wraps around it. */
function moduleOf(node: ts.Node): string | undefined {
  const call = unwrapped(node);
  if (!ts.isCallExpression(call)) return undefined;
  const [argument] = call.arguments;
  const { expression } = call;
  if (ts.isIdentifier(expression) && expression.text === '__toESM' && argument) return moduleOf(argument);
  const loads = expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads && argument && ts.isStringLiteral(argument) && SDK.test(argument.text) ? argument.text : undefined;
}

function unwrapped(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node) ? unwrapped(node.expression) : node;
}

/** Whether an identifier is a name of a member or of a declaration, and no use of a variable. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isIdentifier(node)) return false;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isVariableDeclaration(parent) && parent.name === node) ||
    (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
  );
}

const { files, computed } = loaded();
const taken = [...files].filter(([, text]) => text.includes('@aws-sdk/') || text.includes('@smithy/')).flatMap(([file, text]) => takenBy(file, text));
const fromClients = taken.flatMap(({ file, from, names }) => {
  const client = CLIENT.exec(from)?.[1];
  return client === undefined ? [] : [{ file, client, names }];
});
/** Of the Lambda function, of which the bundler keeps only what it uses: every command, paginator and waiter of a client is a module of its own. */
const ofLambda = modulesOfLambda().flatMap((path) => {
  const [, client, kind, name] = /@aws-sdk\/client-([^/]+)\/dist-[^/]+\/(commands|pagination|waiters)\/(.+)\.js$/.exec(path) ?? [];
  return client === undefined ? [] : [{ client, kind, name: name ?? '' }];
});

function modulesOfLambda(): string[] {
  return JSON.parse(execFileSync(process.execPath, [join(__dirname, 'support', 'lambda-modules.mjs')], { encoding: 'utf8' })) as string[];
}

function operation(client: string, command: string): string {
  return `${client} ${command.replace(/Command$/, '')}`;
}

test('what is built sends to AWS what the list says, and the list says nothing else', () => {
  const commands = fromClients.flatMap(({ client, names }) => (names ?? []).filter((name) => name.endsWith('Command')).map((name) => operation(client, name)));
  // Credentials of a role are asked for by the provider of the SDK.
  const assumed = taken.some(({ from, names }) => from === '@aws-sdk/credential-providers' && names?.includes('fromTemporaryCredentials') === true);
  const sent = new Set([...commands, ...ofLambda.map(({ client, name }) => operation(client, name)), ...(assumed ? ['sts AssumeRole'] : [])]);
  const listed = AWS_OPERATIONS.map(({ client, operation }) => `${client} ${operation}`);
  expect([...sent].sort()).toEqual([...listed].sort());
});

test('the Lambda function sends what its role is allowed, and has no paginators and waiters', () => {
  const hook = AWS_OPERATIONS.filter(({ roles }) => roles.includes('hook')).map(({ client, operation }) => `${client} ${operation}`);
  expect(ofLambda.map(({ client, name }) => operation(client, name)).sort()).toEqual(hook.sort());
  expect(ofLambda.filter(({ kind }) => kind !== 'commands')).toEqual([]);
});

test('nothing is taken from a client but its class and its commands, so that there is no other way to send', () => {
  expect(fromClients.filter(({ names }) => names === undefined || names.some((name) => !/(?:Client|Command)$/.test(name)))).toEqual([]);
});

test('of the SDK only clients and credentials are loaded, each by its name', () => {
  const others = taken.filter(({ from }) => !CLIENT.test(from)).map(({ from, names }) => `${from} ${(names ?? ['*']).join(' ')}`);
  expect([...new Set(others)].sort()).toEqual(['@aws-sdk/credential-providers fromIni fromNodeProviderChain fromTemporaryCredentials']);
  expect(computed.filter((call) => !KNOWN_COMPUTED.some((known) => call.startsWith(known)))).toEqual([]);
});

test.each([
  ['a paginator', 'const { paginateListShards } = await import("@aws-sdk/client-kinesis");', ['paginateListShards']],
  ['a waiter of a whole module', 'var sdk = require("@aws-sdk/client-s3"); sdk.waitUntilBucketExists();', ['waitUntilBucketExists']],
  ['a command under another name', 'const { PutObjectCommand: Get } = await import("@aws-sdk/client-s3");', ['PutObjectCommand']],
  ['a module that is handed on', 'var sdk = require("@aws-sdk/client-s3"); use(sdk);', undefined],
  ['a computed name', 'var sdk = __toESM(require("@aws-sdk/client-s3")); new sdk["Put" + "ObjectCommand"]();', undefined],
  ['what is left of a module', 'const { S3Client, ...rest } = (await import("@aws-sdk/client-s3"));', undefined],
])('%s shows', (_what, code, names) => {
  expect(takenBy('a.js', `async function f() { ${code} }`).map((each) => each.names)).toEqual([names]);
});

test('writes are only those to parts of Nightshift itself, but for those of actuators, which nobody else may do', () => {
  const allowed = [
    'sqs DeleteMessage',
    'sqs DeleteMessageBatch',
    'sqs ChangeMessageVisibility',
    'sqs ChangeMessageVisibilityBatch',
    's3 PutObject',
    'codepipeline PutJobSuccessResult',
    'codepipeline PutJobFailureResult',
    'sns ConfirmSubscription',
  ];
  const writes = AWS_OPERATIONS.filter(({ writes, roles }) => writes && !roles.includes('actuator')).map(({ client, operation }) => `${client} ${operation}`);
  expect(AWS_OPERATIONS.filter(({ writes, roles }) => writes && roles.includes('actuator') && roles.length > 1)).toEqual([]);
  expect(writes.filter((write) => !allowed.includes(write))).toEqual([]);
});

test('whatever is not named as reading is marked as a write', () => {
  const reads =
    /^(?:Describe|List|Get|BatchGet|Lookup|Receive|AssumeRole$|StartQuery$|StopQuery$|Select|Filter|Simulate|InvokeEndpoint$|InvokeModel$|Converse$)/;
  expect(AWS_OPERATIONS.filter(({ operation, writes }) => writes === reads.test(operation))).toEqual([]);
});

test('the subscription of a topic stands in a role of its own', () => {
  expect(AWS_OPERATIONS.find(({ operation }) => operation === 'ConfirmSubscription')?.roles).toEqual(['subscriber']);
});

test('the reasoner asks models with their guardrail, and nothing else', () => {
  const asked = AWS_OPERATIONS.filter(({ roles }) => roles.includes('reasoner'));
  expect(asked.flatMap(({ actions }) => actions)).toEqual(['bedrock:InvokeModel', 'bedrock:ApplyGuardrail']);
  expect(asked.some(({ roles }) => roles.length > 1)).toBe(false);
});

test('whoever observes writes nothing but the acknowledgement of messages', () => {
  const writes = AWS_OPERATIONS.filter((each) => each.writes && each.roles.includes('observer')).map(({ operation }) => operation);
  expect(writes.filter((operation) => !/^(?:DeleteMessage|ChangeMessageVisibility)(?:Batch)?$/.test(operation))).toEqual([]);
});

test('each call of a look back, and of finding services, is in the list, as reading', () => {
  const reading = AWS_OPERATIONS.filter(({ roles, writes }) => roles.includes('observer') && !writes).flatMap(({ actions }) => actions);
  expect(READ_ACTIONS.filter((action) => !reading.includes(action))).toEqual([]);
});
