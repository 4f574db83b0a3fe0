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

import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

// Takes a picture of every page and card of a running portal (npm start), light and dark, 1440 and 375 wide.
// The few that the documentation shows go to docs/images, all others to a temporary folder.
//
//   npm run screenshots -- [address of the portal]

const portal = (process.argv[2] ?? 'http://localhost:3000').replace(/\/$/, '');
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const documentation = join(process.cwd(), 'docs', 'images');
const rest = mkdtempSync(join(tmpdir(), 'portal-screenshots-'));

/** What the documentation shows. */
const DOCUMENTED = new Set([
  'entity-light-1440',
  'tab-dark-1440',
  'mesh-light-1440',
  'dependencies-light-1440',
  'entity-light-375',
]);

/** The foot of a card that has its answer. */
const SETTLED = /up to date|as of/;

const ENTITY = '/catalog/default/component/reviews';
const PAGES = [
  { name: 'entity', path: ENTITY, ready: SETTLED },
  { name: 'tab', path: `${ENTITY}/service-mesh`, ready: SETTLED },
  { name: 'mesh', path: '/mesh', ready: 'bookinfo/' },
  {
    name: 'dependencies',
    path: '/catalog/default/component/payment-api/mesh-dependencies',
    ready: SETTLED,
  },
  {
    name: 'ledger',
    path: '/catalog/default/component/ledger',
    ready: SETTLED,
  },
  {
    name: 'unannotated',
    path: '/catalog/default/component/style-guide/service-mesh',
    ready: 'annotation',
  },
  {
    name: 'wrong-annotation',
    path: '/catalog/default/component/gift-cards',
    ready: 'matches',
  },
];
const CARDS = [
  'Service mesh',
  'Golden signals',
  'mTLS',
  'Routes',
  'Authorization',
];

/** The whole page: the portal scrolls inside of itself, so the window is made as high as its content. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = DOCUMENTED.has(name) ? documentation : rest;
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function contentHeight(page: Page): Promise<number> {
  const heights = await page
    .locator('main, article, [class*=BackstageContent]')
    .evaluateAll(elements => elements.map(element => element.scrollHeight));
  return Math.min(Math.max(900, ...heights) + 260, 4_000);
}

async function pictures(browser: Browser, dark: boolean, width: number) {
  const look = `${dark ? 'dark' : 'light'}-${width}`;
  const context = await browser.newContext({
    viewport: { width, height: 1000 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  for (const { name, path, ready } of PAGES) {
    await page.setViewportSize({ width, height: 1000 });
    await page.goto(`${portal}${path}`);
    const visible = await page
      .getByText(ready)
      .first()
      .waitFor({ timeout: 30_000 })
      .then(() => true)
      .catch(() => false);
    if (!visible) {
      console.log(`${path} (${look}) does not say ${ready}`);
    }
    await page.waitForTimeout(3_000);
    if (name !== 'mesh' && !(name === 'tab' && DOCUMENTED.has(`tab-${look}`))) {
      await page.setViewportSize({ width, height: await contentHeight(page) });
      await page.waitForTimeout(1_000);
    }
    await picture(page, `${name}-${look}`);
    if (name !== 'entity') {
      continue;
    }
    for (const title of CARDS) {
      const card = page.locator('.bui-Card').filter({
        has: page.getByRole('heading', { name: title, exact: true }),
      });
      if ((await card.count()) === 1) {
        const file = `card-${title
          .toLowerCase()
          .replace(' ', '-')}-${look}.png`;
        await card.screenshot({ path: join(rest, file) });
      } else {
        console.log(`${path} (${look}) has no card "${title}"`);
      }
    }
  }
  await context.close();
}

async function main(): Promise<void> {
  if (!existsSync(chromiumPath)) {
    throw new Error(
      `There is no Chromium at ${chromiumPath}: set CHROMIUM_PATH`,
    );
  }
  await fetch(portal).catch(() => {
    throw new Error(`No portal answers at ${portal}: run npm start first`);
  });
  mkdirSync(documentation, { recursive: true });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  try {
    for (const width of [1440, 375]) {
      for (const dark of [false, true]) {
        await pictures(browser, dark, width);
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`Pictures: ${documentation} and ${rest}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
