import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { AWS_OPERATIONS } from '../../../domain/aws/calls';
import { READ_ACTIONS } from '../../../domain/aws/prices';

const ROOT = join(__dirname, '../../..');
/** Rooms of which the product is made. */
const ROOMS = ['domain', 'ports', 'config', 'workflows', 'activities', 'adapters', 'api', 'cli', 'workers'];
const CLIENT = /^@aws-sdk\/client-(.+)$/;

interface Taken {
  readonly from: string;
  /** Names that are taken; undefined where the whole module is. */
  readonly names: readonly string[] | undefined;
}

/** What the code of a file takes from modules, types aside: `import { a } from`, `const { a } = await import()`, `const sdk = await import()` with a later `const { a } = sdk`. */
function takenBy(file: string, text: string): Taken[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const modules = new Map<string, string>();
  const taken: Taken[] = [];
  const visit = (node: ts.Node): void => {
    taken.push(...byImport(node), ...byVariable(node, modules), ...byOtherUse(node, modules));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return taken;
}

function byImport(node: ts.Node): Taken[] {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return [];
  const { importClause: clause } = node;
  if (!clause || clause.isTypeOnly) return [];
  const bindings = clause.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return [{ from: node.moduleSpecifier.text, names: undefined }];
  return [
    { from: node.moduleSpecifier.text, names: bindings.elements.filter((each) => !each.isTypeOnly).map((each) => (each.propertyName ?? each.name).text) },
  ];
}

function byVariable(node: ts.Node, modules: Map<string, string>): Taken[] {
  if (!ts.isVariableDeclaration(node) || !node.initializer) return [];
  const from = importedModule(node.initializer) ?? (ts.isIdentifier(node.initializer) ? modules.get(node.initializer.text) : undefined);
  if (from === undefined) return [];
  if (ts.isObjectBindingPattern(node.name)) return [{ from, names: node.name.elements.map((each) => (each.propertyName ?? each.name).getText()) }];
  modules.set(node.name.getText(), from);
  return [];
}

/** Of a module that is held as a whole, and of one that nothing is taken from by name. */
function byOtherUse(node: ts.Node, modules: ReadonlyMap<string, string>): Taken[] {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const from = modules.get(node.expression.text);
    return from === undefined ? [] : [{ from, names: [node.name.text] }];
  }
  if (ts.isAwaitExpression(node) && !ts.isVariableDeclaration(node.parent)) {
    const from = importedModule(node);
    return from === undefined ? [] : [{ from, names: undefined }];
  }
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport && !ts.isAwaitExpression(node.parent) ? [{ from: node.arguments[0]?.getText().slice(1, -1) ?? '', names: undefined }] : [];
}

/** The module of `await import('…')`. */
function importedModule(node: ts.Node): string | undefined {
  const call = ts.isAwaitExpression(node) ? node.expression : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [argument] = call.arguments;
  return argument && ts.isStringLiteral(argument) ? argument.text : 'a computed name';
}

const all = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: `${room}/${file}`, text: readFileSync(join(ROOT, room, file), 'utf8') })),
).filter(({ text }) => text.includes('@aws-sdk/') || text.includes('@smithy/'));
const taken = all.flatMap(({ file, text }) => takenBy(file, text).map((each) => ({ file, ...each })));
const fromClients = taken.flatMap(({ file, from, names }) => {
  const client = CLIENT.exec(from)?.[1];
  return client === undefined ? [] : [{ file, client, names }];
});

test('the code sends to AWS what the list says, and the list says nothing else', () => {
  const commands = fromClients.flatMap(({ client, names }) =>
    (names ?? []).filter((name) => name.endsWith('Command')).map((name) => `${client} ${name.replace(/Command$/, '')}`),
  );
  // Credentials of a role are asked for by the provider of the SDK.
  const assumed = taken.some(({ from, names }) => from === '@aws-sdk/credential-providers' && names?.includes('fromTemporaryCredentials') === true);
  const sent = new Set([...commands, ...(assumed ? ['sts AssumeRole'] : [])]);
  const listed = AWS_OPERATIONS.map(({ client, operation }) => `${client} ${operation}`);
  expect([...sent].sort()).toEqual([...listed].sort());
});

test('nothing is taken from a client but its class and its commands, so that there is no other way to send', () => {
  expect(fromClients.filter(({ names }) => names === undefined || names.some((name) => !/(?:Client|Command)$/.test(name)))).toEqual([]);
  expect(taken.filter(({ from }) => from === 'a computed name')).toEqual([]);
});

test('writes are only those to parts of Nightshift itself', () => {
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
  const writes = AWS_OPERATIONS.filter((each) => each.writes).map(({ client, operation }) => `${client} ${operation}`);
  expect(writes.filter((write) => !allowed.includes(write))).toEqual([]);
});

test('whatever is not named as reading is marked as a write', () => {
  const reads = /^(?:Describe|List|Get|BatchGet|Lookup|Receive|AssumeRole$|StartQuery$|StopQuery$|Select|Filter|InvokeEndpoint$)/;
  expect(AWS_OPERATIONS.filter(({ operation, writes }) => writes === reads.test(operation))).toEqual([]);
});

test('the subscription of a topic stands in a role of its own', () => {
  expect(AWS_OPERATIONS.find(({ operation }) => operation === 'ConfirmSubscription')?.roles).toEqual(['subscriber']);
});

test('whoever observes writes nothing but the acknowledgement of messages', () => {
  const writes = AWS_OPERATIONS.filter((each) => each.writes && each.roles.includes('observer')).map(({ operation }) => operation);
  expect(writes.filter((operation) => !/^(?:DeleteMessage|ChangeMessageVisibility)(?:Batch)?$/.test(operation))).toEqual([]);
});

test('each call of a look back, and of finding services, is in the list, as reading', () => {
  const reading = AWS_OPERATIONS.filter(({ roles, writes }) => roles.includes('observer') && !writes).flatMap(({ actions }) => actions);
  expect(READ_ACTIONS.filter((action) => !reading.includes(action))).toEqual([]);
});
