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

import { ConfigReader } from '@backstage/config';
import { readDemoMeshConfig } from './demoMeshConfig';

const block = { kubernetesPort: 7090, prometheusPort: '7091', token: 'demo' };

describe('readDemoMeshConfig', () => {
  it('gives nothing when there is no block', () => {
    expect(readDemoMeshConfig(new ConfigReader({}))).toBeUndefined();
  });

  it('gives nothing when the block is disabled', () => {
    const config = new ConfigReader({ demoMesh: { ...block, enabled: false } });
    expect(readDemoMeshConfig(config)).toBeUndefined();
  });

  it('reads ports, also those that come as text from the environment', () => {
    expect(readDemoMeshConfig(new ConfigReader({ demoMesh: block }))).toEqual({
      kubernetesPort: 7090,
      prometheusPort: 7091,
      token: 'demo',
    });
  });

  it('names the key that is missing', () => {
    const config = new ConfigReader({
      demoMesh: { kubernetesPort: 7090 },
    });
    expect(() => readDemoMeshConfig(config)).toThrow(
      /demoMesh\.prometheusPort/,
    );
  });

  it('names the key that is not a number', () => {
    const config = new ConfigReader({
      demoMesh: { ...block, kubernetesPort: 'first' },
    });
    expect(() => readDemoMeshConfig(config)).toThrow(/kubernetesPort/);
  });
});
