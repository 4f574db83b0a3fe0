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

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { environment } from './support/environment';
import {
  answered,
  launchBrowser,
  newPage,
  numberAfter,
  openService,
  textOf,
} from './support/portal';
import { promtoolValue, setPrometheus } from './support/prometheus';

const PORT = 7196;
const URL_OF_REAL = `http://127.0.0.1:${PORT}`;
const RATE =
  'sum(rate(istio_requests_total{reporter="destination",destination_service_namespace="bookinfo",destination_service_name="reviews"}[1h]))';

const CONFIGURATION = `
global: { scrape_interval: 2s }
scrape_configs:
  - job_name: demo-mesh
    honor_labels: true
    http_sd_configs:
      - { url: "${environment.prometheusUrl}/sd", refresh_interval: 5s }
`;

const missing = spawnSync('prometheus', ['--version']).error
  ? 'there is no prometheus on this machine'
  : false;

describe(
  'with a real Prometheus that scrapes the proxies',
  { skip: missing },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'portal-prometheus-'));
    let prometheus: ChildProcess;
    let browser: Browser;

    const scraped = () => {
      try {
        return promtoolValue(RATE, URL_OF_REAL) > 0;
      } catch {
        return false;
      }
    };

    before(async () => {
      writeFileSync(join(folder, 'prometheus.yml'), CONFIGURATION);
      prometheus = spawn(
        'prometheus',
        [
          `--config.file=${join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${PORT}`,
          '--log.level=error',
        ],
        { stdio: 'inherit' },
      );
      const end = Date.now() + 60_000;
      while (!scraped()) {
        assert.ok(Date.now() < end, 'the real Prometheus scraped nothing');
        await sleep(1_000);
      }
      await sleep(10_000);
      await setPrometheus({ mode: 'forward', target: URL_OF_REAL });
      browser = await launchBrowser();
    });
    after(async () => {
      await setPrometheus({ mode: 'forward' });
      await browser?.close();
      prometheus.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    it('the card says the rate that this Prometheus says', async () => {
      const page = await newPage(browser);
      const end = Date.now() + 120_000;
      for (;;) {
        await openService(page, 'reviews');
        const text = await textOf(await answered(page, 'Golden signals'));
        const expected = promtoolValue(RATE, URL_OF_REAL);
        const shown = numberAfter(text, 'Requests');
        // Answers are cached for seconds, and this rate still grows: its window is not full yet.
        if (Math.abs(shown - expected) <= expected * 0.35) {
          const embedded = promtoolValue(RATE);
          assert.ok(
            Math.abs(shown - embedded) > embedded * 0.2,
            'the number is not that of the embedded Prometheus',
          );
          return;
        }
        assert.ok(
          Date.now() < end,
          `the card says ${shown}, the real Prometheus ${expected}`,
        );
        await sleep(3_000);
      }
    });
  },
);
