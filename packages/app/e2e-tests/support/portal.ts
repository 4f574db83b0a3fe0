/*
 * Copyright 2026 The Istio for Backstage Authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { environment } from './environment';

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The four cards of a service and the summary, by their titles. */
export const CARD_TITLES = [
  'Service mesh',
  'Golden signals',
  'mTLS',
  'Routes',
  'Authorization',
] as const;

export type CardTitle = (typeof CARD_TITLES)[number];

/** Starts the Chromium that the machine has. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: environment.chromiumPath,
    args: CHROMIUM_ARGUMENTS,
  });
}

/** A fresh visitor's page. */
export async function newPage(
  browser: Browser,
  options: { width?: number; height?: number; dark?: boolean } = {},
): Promise<Page> {
  const { width = 1440, height = 1000, dark = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const tell = (what: string) => process.stderr.write(`${what}\n`);
  page.on('pageerror', error => tell(`In the page: ${error}`));
  page.on('requestfailed', request => {
    const reason = request.failure()?.errorText ?? '';
    // Requests of a page that was left are given up.
    if (reason !== 'net::ERR_ABORTED') {
      tell(`${reason}: ${request.method()} ${request.url()}`);
    }
  });
  return page;
}

/** Opens a path of the portal. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${environment.portalUrl}${path}`);
}

/** The card with this title. */
export function card(page: Page, title: CardTitle): Locator {
  return page.locator('.bui-Card').filter({
    has: page.getByRole('heading', { name: title, exact: true, level: 3 }),
  });
}

/** Waits until the card has its answer: it shows its age. */
export async function answered(page: Page, title: CardTitle): Promise<Locator> {
  const found = card(page, title);
  await found.getByText(/up to date|as of .* ago/).waitFor();
  return found;
}

/** Opens the page of a Component and waits for the answers of all its cards. */
export async function openService(page: Page, name: string): Promise<void> {
  await open(page, `/catalog/default/component/${name}`);
  for (const title of CARD_TITLES) {
    await answered(page, title);
  }
}

/** Text as a person reads it: one line. */
export async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, ' ');
}

/** The number that stands right after `label`, as in `Requests 12.3/s`. */
export function numberAfter(text: string, label: string): number {
  const found = text.match(new RegExp(`${label} (\\d[\\d,]*(?:\\.\\d+)?)`));
  if (!found) {
    throw new Error(`No number after "${label}" in: ${text}`);
  }
  return Number(found[1].replaceAll(',', ''));
}

/** Resolves when the card says what is expected; the error quotes what it says instead. */
export async function untilSays(
  locator: Locator,
  expected: RegExp,
  withinMs: number,
): Promise<void> {
  const end = Date.now() + withinMs;
  let text = '';
  do {
    text = await textOf(locator);
    if (expected.test(text)) {
      return;
    }
    await locator.page().waitForTimeout(100);
  } while (Date.now() < end);
  throw new Error(
    `After ${withinMs} ms nothing says ${expected}; it says: ${text}`,
  );
}
