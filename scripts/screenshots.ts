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
import type { Browser, Locator, Page } from 'playwright-core';

// Takes a picture of every page, card and section of a running portal (npm start), light and dark, 1440 and 375 wide.
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
  'entity-light-375',
  'tab-dark-1440',
  'request-path-light-1440',
  'exposure-light-1440',
  'bindings-light-1440',
  'ambient-light-1440',
  'ignored-light-1440',
  'dependencies-light-1440',
  'triage-light-1440',
  'triage-light-375',
  'my-services-light-1440',
  'mesh-light-1440',
]);

/** The foot of a card that has its answer. */
const SETTLED = /up to date|as of/;

interface Shot {
  name: string;
  path: string;
  /** what the page, or the section, says once it is ready */
  ready: string | RegExp;
  /** Sections of the tab Service mesh, opened; one picture each. */
  sections?: readonly { id: string; name: string }[];
  /** height of the picture; absent: the whole page */
  height?: number;
}

const COMPONENT = '/catalog/default/component';
const SHOTS: readonly Shot[] = [
  { name: 'entity', path: `${COMPONENT}/reviews`, ready: SETTLED },
  {
    name: 'tab',
    path: `${COMPONENT}/reviews/service-mesh`,
    ready: SETTLED,
    height: 1000,
    sections: [
      { id: 'signals', name: 'signals' },
      { id: 'request-path', name: 'request-path' },
      { id: 'resilience', name: 'resilience' },
    ],
  },
  {
    name: 'exposed',
    path: `${COMPONENT}/productpage/service-mesh`,
    ready: SETTLED,
    height: 1000,
    sections: [
      { id: 'request-path', name: 'request-through-gateway' },
      { id: 'exposure', name: 'exposure' },
    ],
  },
  {
    name: 'acted-on',
    path: `${COMPONENT}/payment-api/service-mesh`,
    ready: SETTLED,
    height: 1000,
    sections: [
      { id: 'routes', name: 'advisory' },
      { id: 'external', name: 'external' },
      { id: 'bindings', name: 'bindings' },
    ],
  },
  {
    name: 'ambient-tab',
    path: `${COMPONENT}/recommendations/service-mesh`,
    ready: SETTLED,
    height: 1000,
    sections: [{ id: 'ambient', name: 'ambient' }],
  },
  {
    name: 'not-acting',
    path: `${COMPONENT}/orders/service-mesh`,
    ready: SETTLED,
    height: 1000,
    sections: [{ id: 'ignored', name: 'ignored' }],
  },
  {
    name: 'dependencies',
    path: `${COMPONENT}/payment-api/mesh-dependencies`,
    ready: SETTLED,
  },
  {
    name: 'triage',
    path: `${COMPONENT}/reviews/triage`,
    ready: /of the extra errors/,
  },
  {
    name: 'triage-calm',
    path: `${COMPONENT}/details/triage`,
    ready: /Nothing stands out/,
  },
  {
    name: 'my-services',
    path: '/my-services',
    ready: 'bookinfo/',
    height: 600,
  },
  { name: 'mesh', path: '/mesh', ready: 'bookinfo/', height: 1000 },
  { name: 'ledger', path: `${COMPONENT}/ledger`, ready: SETTLED },
  {
    name: 'unannotated',
    path: `${COMPONENT}/style-guide/service-mesh`,
    ready: 'annotation',
  },
  {
    name: 'wrong-annotation',
    path: `${COMPONENT}/gift-cards`,
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

function file(name: string): string {
  return join(DOCUMENTED.has(name) ? documentation : rest, `${name}.png`);
}

/** The whole page: the portal scrolls inside of itself, so the window is made as high as its content. */
async function contentHeight(page: Page): Promise<number> {
  const heights = await page
    .locator('main, article, [class*=BackstageContent]')
    .evaluateAll(elements => elements.map(element => element.scrollHeight));
  return Math.min(Math.max(900, ...heights) + 260, 4_000);
}

/** Waits until something says it; where it does not, that is told, and the picture shows why. */
async function says(
  where: Page | Locator,
  words: string | RegExp,
  what: string,
): Promise<void> {
  await where
    .getByText(words)
    .first()
    .waitFor({ timeout: 30_000 })
    .catch(() => console.log(`${what} does not say ${words}`));
}

async function sectionPictures(
  page: Page,
  { path, sections = [] }: Shot,
  look: string,
): Promise<void> {
  if (sections.length > 0) {
    // High enough for the highest section: the portal's bar at the foot of a phone covers nothing then.
    await page.setViewportSize({
      width: page.viewportSize()?.width ?? 1440,
      height: 4_000,
    });
  }
  for (const { id, name } of sections) {
    const section = page.locator(`#${id}`);
    if ((await section.count()) !== 1) {
      console.log(`${path} (${look}) has no section "${id}"`);
      continue;
    }
    await says(section, SETTLED, `${path}#${id} (${look})`);
    const closed = section.getByRole('button', { name: /^Show details/ });
    if (await closed.count()) {
      await closed.click();
      await page.waitForTimeout(500);
    }
    await section.screenshot({ path: file(`${name}-${look}`) });
  }
}

async function cardPictures(page: Page, look: string): Promise<void> {
  for (const title of CARDS) {
    const card = page.locator('.bui-Card').filter({
      has: page.getByRole('heading', { name: title, exact: true }),
    });
    if ((await card.count()) === 1) {
      const name = title.toLowerCase().replace(' ', '-');
      await card.screenshot({ path: file(`card-${name}-${look}`) });
    } else {
      console.log(`The overview (${look}) has no card "${title}"`);
    }
  }
}

async function pictures(browser: Browser, dark: boolean, width: number) {
  const look = `${dark ? 'dark' : 'light'}-${width}`;
  const context = await browser.newContext({
    viewport: { width, height: 1000 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  for (const shot of SHOTS) {
    const { name, path, ready, height } = shot;
    await page.setViewportSize({ width, height: 1000 });
    await page.goto(`${portal}${path}`);
    await says(page, ready, `${path} (${look})`);
    await page.waitForTimeout(3_000);
    await page.setViewportSize({
      width,
      height: height ?? (await contentHeight(page)),
    });
    await page.waitForTimeout(1_000);
    await page.screenshot({ path: file(`${name}-${look}`) });
    await sectionPictures(page, shot, look);
    if (name === 'entity') {
      await cardPictures(page, look);
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
