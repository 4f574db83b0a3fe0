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

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(__filename).resolve('axe-core/axe.min.js'),
  'utf8',
);

/**
 * Runs every rule of axe on the elements that match.
 *
 * @param selector - our elements; the frame around them is the portal's
 * @returns one line a violation: rule, what is wrong, where
 */
export async function violations(
  page: Page,
  selector: string,
): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(
    async include =>
      (
        window as unknown as {
          axe: { run: (context: object) => Promise<AxeResults> };
        }
      ).axe.run({ include: [[include]] }),
    selector,
  );
  return results.violations.flatMap(violation =>
    violation.nodes.map(
      node =>
        `${violation.id}: ${violation.help} at ${node.target.join(' ')}: ${
          node.failureSummary ?? ''
        }`,
    ),
  );
}
