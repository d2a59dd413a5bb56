import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addRoute } from '../route';
import type { ApiDeps } from '../types';

/** GET /: the page for people. It holds no data and so needs no key; its script asks the API with the key of the person. */
export function addConsoleRoute(app: FastifyInstance, deps: Pick<ApiDeps, 'page'>): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentPolicy(deps.page),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
  addRoute(app, {
    method: 'GET',
    url: '/',
    operation: 'getConsole',
    access: 'public',
    tag: 'console',
    summary: 'The page for people',
    description: 'One self-contained document. It holds no data, asks for the key of the person, and uses the routes of this description.',
    answer: { status: 200, description: 'HTML.', mediaType: 'text/html', schema: z.string() },
    handle({ reply }) {
      void reply.headers(headers).serializer(String);
      return Promise.resolve(deps.page);
    },
  });
}

/** Lets the page run the script and use the style that are in it, ask where it came from, and nothing else; no text can become a script, whatever the page does with it. */
export function contentPolicy(page: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashesOf(page, 'script')}`,
    `style-src ${hashesOf(page, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashesOf(page: string, element: 'script' | 'style'): string {
  const contents = [...page.matchAll(new RegExp(`<${element}\\b[^>]*>([^]*?)</${element}>`, 'g'))].map((match) => match[1] ?? '');
  return contents.length === 0 ? "'none'" : contents.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}
