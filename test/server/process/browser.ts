import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of a Chromium of this machine, or undefined. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** Starts it without a window. A container has no user namespaces, and the pages are ours: no sandbox. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page in a context of its own, with everything that went wrong in it and every request that it made. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts, of the console, and refusals of the content policy. */
  readonly complaints: readonly string[];
  readonly requests: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[];
  close(): Promise<void>;
}

/** Opens a tab. An answer of the API that is an error shows in the browser's console too; `expected` are the statuses that the test is about. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}, expected: readonly number[] = []): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: { url: string; headers: Record<string, string> }[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const known = expected.some((status) => message.text().includes(`status of ${String(status)}`));
    if ((message.type() === 'error' || message.type() === 'warning') && !known) complaints.push(message.text());
  });
  page.on('request', (request) => requests.push({ url: request.url(), headers: request.headers() }));
  return { page, complaints, requests, close: () => context.close() };
}

/** Enters a key as a person does with the keyboard. */
export async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Your key').fill(key);
  await page.keyboard.press('Enter');
}
