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

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realPrometheusMissing } from '../../__testUtils__/RealPrometheus';
import { PROBED_METRICS } from './sourceProbe';

const DIRECTORY = join(__dirname, '../../../../../manifests/prometheus');
const RULES = 'istio-golden-signals.rules.yaml';

function promtool(...args: string[]): string {
  return execFileSync('promtool', args, {
    cwd: DIRECTORY,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('the recording rules that are shipped', () => {
  it('are known to the probe by their names', () => {
    const text = readFileSync(join(DIRECTORY, RULES), 'utf8');
    const recorded = [...text.matchAll(/record: (\S+)/g)].map(
      ([, name]) => name,
    );
    expect(recorded).toContain('istio_gs:requests:rate5m');
    const probed = PROBED_METRICS.filter(name => name.includes(':'));
    expect(recorded).toEqual(expect.arrayContaining([...probed]));
  });

  const missing = realPrometheusMissing();
  if (missing) process.stderr.write(`${missing}\n`);
  const describeWithPromtool = missing ? describe.skip : describe;

  describeWithPromtool('by promtool', () => {
    it('are well-formed', () => {
      expect(promtool('check', 'rules', RULES)).toContain('SUCCESS');
    });

    it('record what their tests say', () => {
      expect(
        promtool('test', 'rules', 'istio-golden-signals.rules.test.yaml'),
      ).toContain('SUCCESS');
    });
  });
});
