import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../errors';
import { isStructure, membersOf, moment, readMoment, timeKind } from './shapes';

/** What stands between a document's or an element's tags: text, or elements by name in their order. */
export type XmlContent = string | readonly (readonly [name: string, content: XmlContent])[];

/** Text as it may stand in a document. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n\u0085\u2028]/g, (char) => `&#${String(char.charCodeAt(0))};`);
}

/** A scalar as it stands in XML, in headers (`http-date`) and in query strings. */
export function scalarText(schema: NormalizedSchema, value: unknown, usual: 'date-time' | 'http-date' = 'date-time'): string {
  if (schema.isTimestampSchema()) return String(moment(value as Date, timeKind(schema), usual));
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString('base64');
  return String(value);
}

/** A scalar from text. */
export function readScalar(schema: NormalizedSchema, text: string): unknown {
  if (schema.isTimestampSchema()) return readMoment(text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  if (schema.isBooleanSchema()) return text === 'true';
  if (!schema.isNumericSchema()) return text;
  if (text.trim() === '' || Number.isNaN(Number(text))) throw new AwsError('MalformedInput', `${text} is no number`);
  return Number(text);
}

/** One element with a value of the SDK's form in it. */
export function element(name: string, schema: NormalizedSchema, value: unknown): string {
  if (value === undefined || value === null) return '';
  const content = !isStructure(schema) && !schema.isListSchema() && !schema.isMapSchema() ? escapeXml(scalarText(schema, value)) : inner(schema, value);
  return `<${name}${attributes(schema, value)}>${content}</${name}>`;
}

/** What stands inside the element of a structure, list or map; `only` are the members to write. */
export function inner(schema: NormalizedSchema, value: unknown, only: (member: NormalizedSchema) => boolean = () => true): string {
  if (schema.isListSchema()) return entries(schema, value).join('');
  if (schema.isMapSchema())
    return entries(schema, value)
      .map((each) => `<entry>${each}</entry>`)
      .join('');
  const given = value as Record<string, unknown>;
  return membersOf(schema, given)
    .filter(([, member]) => only(member) && member.getMergedTraits().xmlAttribute === undefined)
    .map(([name, member]) => memberElements(name, member, given[name]))
    .join('');
}

function memberElements(name: string, member: NormalizedSchema, value: unknown): string {
  const traits = member.getMergedTraits();
  const tag = member.getMemberTraits().xmlName ?? name;
  if (value === undefined || value === null) return '';
  if (traits.xmlFlattened === undefined) return element(tag, member, value);
  if (member.isMapSchema())
    return entries(member, value)
      .map((each) => `<${tag}>${each}</${tag}>`)
      .join('');
  return (value as unknown[]).map((each) => element(tag, member.getValueSchema(), each)).join('');
}

function entries(schema: NormalizedSchema, value: unknown): string[] {
  const item = schema.getValueSchema();
  const tag = (of: NormalizedSchema, usual: string): string => of.getMemberTraits().xmlName ?? usual;
  if (schema.isListSchema()) return (value as unknown[]).map((each) => element(tag(item, 'member'), item, each));
  const keys = schema.getKeySchema();
  return Object.entries(value as object).map(([key, each]) => element(tag(keys, 'key'), keys, key) + element(tag(item, 'value'), item, each));
}

function attributes(schema: NormalizedSchema, value: unknown): string {
  if (!schema.isStructSchema()) return '';
  return [...schema.structIterator()]
    .filter(([name, member]) => member.getMergedTraits().xmlAttribute !== undefined && (value as Record<string, unknown>)[name] !== undefined)
    .map(([name, member]) => ` ${member.getMergedTraits().xmlName ?? name}="${escapeXml(scalarText(member, (value as Record<string, unknown>)[name]))}"`)
    .join('');
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<\/([^\s>]+)\s*>|<([^\s/>]+)([^>]*?)(\/?)>|([^<]+)/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The content of a document's root; throws `MalformedXML`. Attributes are passed over. */
export function parseXml(text: string): XmlContent {
  const stack: { readonly name: string; readonly children: [string, XmlContent][]; text: string }[] = [{ name: '', children: [], text: '' }];
  for (const [, end, start, , closed, chars] of text.matchAll(TOKEN)) {
    const top = stack.at(-1);
    if (!top) break;
    if (chars !== undefined) top.text += unescapeXml(chars);
    if (start !== undefined && closed === '/') top.children.push([start, '']);
    else if (start !== undefined) stack.push({ name: start, children: [], text: '' });
    if (end === undefined) continue;
    stack.pop();
    if (top.name !== end) throw malformed();
    stack.at(-1)?.children.push([end, top.children.length > 0 ? top.children : top.text]);
  }
  const root = stack.length === 1 ? stack[0]?.children[0] : undefined;
  if (!root) throw malformed();
  return root[1];
}

/** A value of the SDK's form from what an element holds. */
export function readXml(schema: NormalizedSchema, content: XmlContent): unknown {
  if (schema.isListSchema()) return children(content).map(([, each]) => readXml(schema.getValueSchema(), each));
  if (!isStructure(schema)) return readScalar(schema, typeof content === 'string' ? content : '');
  const out: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const traits = member.getMergedTraits();
    const found = children(content).filter(([tag]) => tag === (member.getMemberTraits().xmlName ?? name));
    if (found.length === 0) continue;
    out[name] =
      traits.xmlFlattened !== undefined && member.isListSchema()
        ? found.map(([, each]) => readXml(member.getValueSchema(), each))
        : readXml(member, found[0]?.[1] ?? '');
  }
  return out;
}

function children(content: XmlContent): readonly (readonly [string, XmlContent])[] {
  return typeof content === 'string' ? [] : content;
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (hex !== undefined || decimal !== undefined) return String.fromCodePoint(hex !== undefined ? parseInt(hex, 16) : Number(decimal));
    return ENTITIES[name ?? ''] ?? whole;
  });
}

function malformed(): AwsError {
  return new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema', 400);
}
