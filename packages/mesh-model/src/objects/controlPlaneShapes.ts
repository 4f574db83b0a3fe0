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

import type {
  ConfigMapSpec,
  MutatingWebhookConfigurationSpec,
  OwnerSpec,
} from './kubernetes';
import type { StringMap } from './types';
import { EMPTY_MAP } from './interning';
import {
  demanded,
  list,
  record,
  string,
  stringMap,
  withDefault,
  type Reading,
} from './shape';
import { type Raw, field } from './rawField';
import { labelSelector } from './labelSelectorShape';

/** Only the ConfigMaps of Istio are read; of all others nothing is kept. */
export function configMapSpec(
  raw: Raw,
  reading: Reading,
  name: string,
): ConfigMapSpec {
  return {
    data: name.startsWith('istio')
      ? field(raw, ['data'], stringMap, reading) ?? EMPTY_MAP
      : EMPTY_MAP,
  };
}

const environments = list(
  record<{
    name: string;
    image?: string;
    args?: readonly string[];
    env?: readonly { name: string; value?: string }[];
  }>({
    name: demanded(string),
    image: string,
    args: list(string),
    env: list(
      record<{ name: string; value?: string }>({
        name: demanded(string),
        value: string,
      }),
    ),
  }),
);

/** The value of a flag on a command line: `--name value` or `--name=value`, the last one counts. */
function argumentOf(args: readonly string[], name: string): string | undefined {
  const values = args.flatMap((argument, index) => {
    if (argument === `--${name}`) {
      return args.slice(index + 1, index + 2);
    }
    return argument.startsWith(`--${name}=`)
      ? [argument.slice(name.length + 3)]
      : [];
  });
  return values.at(-1);
}

/** The settings and the image of an istiod's Deployment; variables taken from elsewhere have no value to read. */
export function controlPlaneOf(
  raw: Raw,
  reading: Reading,
  templateLabels: StringMap,
):
  | Pick<
      OwnerSpec,
      'controlPlaneEnvironment' | 'controlPlaneImage' | 'clusterDomain'
    >
  | undefined {
  if (templateLabels.app !== 'istiod') {
    return undefined;
  }
  const path = ['spec', 'template', 'spec', 'containers'];
  const discovery = field(raw, path, environments, reading)?.find(
    ({ name }) => name === 'discovery',
  );
  const clusterDomain = argumentOf(discovery?.args ?? [], 'domain');
  return (
    discovery && {
      ...(clusterDomain && { clusterDomain }),
      controlPlaneEnvironment: Object.fromEntries(
        (discovery.env ?? []).flatMap(({ name, value }) =>
          value === undefined ? [] : [[name, value] as const],
        ),
      ),
      ...(discovery.image === undefined
        ? {}
        : { controlPlaneImage: discovery.image }),
    }
  );
}

type Webhook = MutatingWebhookConfigurationSpec['webhooks'][number];
type RawWebhook = Omit<Webhook, 'service'> & {
  clientConfig?: { service?: { namespace: string; name: string } };
};

const rawWebhooks = list(
  record<RawWebhook>({
    name: withDefault(string, ''),
    clientConfig: record<NonNullable<RawWebhook['clientConfig']>>({
      service: record<{ namespace: string; name: string }>({
        namespace: demanded(string),
        name: demanded(string),
      }),
    }),
    namespaceSelector: withDefault(labelSelector, {}),
    objectSelector: withDefault(labelSelector, {}),
  }),
);

export function mutatingWebhookConfigurationSpec(
  raw: Raw,
  reading: Reading,
): MutatingWebhookConfigurationSpec {
  const webhooks = field(raw, ['webhooks'], rawWebhooks, reading) ?? [];
  return {
    webhooks: webhooks.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      ...(clientConfig?.service
        ? { service: clientConfig.service }
        : undefined),
    })),
  };
}
