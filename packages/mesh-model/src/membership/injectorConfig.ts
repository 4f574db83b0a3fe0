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

import { parseDocument } from 'yaml';
import { systemNamespaceOf } from '../identity';
import type { LabelSelector, SlimObjectByKind } from '../objects';
import { labelSelector } from '../objects/labelSelectorShape';
import { list, Reading, record, string } from '../objects/shape';
import { derivation, type MeshSnapshot } from '../snapshot';
import { imageTag } from './podProxy';

/** The injector's own configuration. R2.5 */
export interface InjectorConfig {
  /** `enabled`: pods that say nothing are injected; `disabled`: only those that ask; anything else: none */
  policy: string;
  neverInjectSelector?: readonly LabelSelector[];
  alwaysInjectSelector?: readonly LabelSelector[];
  /** Version of the proxy that is injected, by the key `values`; absent when it does not say. */
  proxyTag?: string;
  /** The ConfigMap it was read from; absent when the defaults stand because none could be read. */
  source?: SlimObjectByKind['ConfigMap'];
}

/** What the chart installs. */
const DEFAULT_INJECTOR_CONFIG: InjectorConfig = { policy: 'enabled' };

type Written = Partial<Omit<InjectorConfig, 'source' | 'proxyTag'>>;

const shape = record<Written>({
  policy: string,
  neverInjectSelector: list(labelSelector),
  alwaysInjectSelector: list(labelSelector),
});

const values = record<{
  global?: { tag?: string; proxy?: { image?: string } };
}>({
  global: record<{ tag?: string; proxy?: { image?: string } }>({
    tag: string,
    proxy: record<{ image?: string }>({ image: string }),
  }),
});

function parsedYaml(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: false });
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** `global.proxy.image` where it is a whole image, else `global.tag`. */
function proxyTagIn(text: string | undefined): string | undefined {
  const { tag, proxy } =
    values(parsedYaml(text ?? '') ?? {}, new Reading())?.global ?? {};
  const image = proxy?.image ?? '';
  return image.includes('/')
    ? imageTag(image)
    : tag && imageTag(`proxyv2:${tag}`);
}

const configOf: (snapshot: MeshSnapshot, key?: string) => InjectorConfig =
  derivation(
    () => [{ kind: 'ConfigMap' }],
    (snapshot, key) => {
      const [namespace = '', name = ''] = key.split('/');
      const source = snapshot.get('ConfigMap', namespace, name);
      const yaml = source?.spec.data.config;
      if (source === undefined || yaml === undefined) {
        return DEFAULT_INJECTOR_CONFIG;
      }
      const proxyTag = proxyTagIn(source.spec.data.values);
      return {
        ...DEFAULT_INJECTOR_CONFIG,
        ...shape(parsedYaml(yaml) ?? {}, new Reading()),
        ...(proxyTag === undefined ? {} : { proxyTag }),
        source,
      };
    },
  );

/**
 * The configuration of the injector of a revision: ConfigMap `istio-sidecar-injector` (or `istio-sidecar-injector-<revision>`),
 * key `config`, beside the mesh configuration. Kept until a ConfigMap changes. R2.5
 */
export function injectorConfigOf(
  snapshot: MeshSnapshot,
  revision = '',
): InjectorConfig {
  const suffix =
    revision === '' || revision === 'default' ? '' : `-${revision}`;
  return configOf(
    snapshot,
    `${systemNamespaceOf(snapshot)}/istio-sidecar-injector${suffix}`,
  );
}
