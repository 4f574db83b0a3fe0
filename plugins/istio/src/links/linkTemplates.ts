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

import type { ConfigApi } from '@backstage/core-plugin-api';
import type { ServiceRef } from '@mesh-portal/backstage-plugin-istio-common';

/** A link out of the portal, with placeholders. */
export interface LinkTemplate {
  title: string;
  url: string;
}

const PLACEHOLDER = /\{\{\s*([^}]*?)\s*\}\}/g;

/**
 * Reads `istio.links`.
 *
 * @throws Error naming the key when an address is not one of `http:`, `https:` or of this portal (`/…`), or names an
 * unknown placeholder
 */
export function readLinkTemplates(config: ConfigApi): LinkTemplate[] {
  const links = config.getOptionalConfigArray('istio.links') ?? [];
  return links.map((link, index) => {
    const url = link.getString('url');
    const key = `istio.links[${index}].url`;
    if (!/^(https?:\/\/|\/(?!\/))/.test(url)) {
      throw new Error(
        `${key} must begin with http://, https:// or /; it is ${url}`,
      );
    }
    for (const [, name] of url.matchAll(PLACEHOLDER)) {
      if (!['cluster', 'namespace', 'service'].includes(name)) {
        throw new Error(
          `${key} names {{${name}}}; known are {{cluster}}, {{namespace}} and {{service}}`,
        );
      }
    }
    return { title: link.getString('title'), url };
  });
}

/** Fills the placeholders of a template with a service, escaped for an address. */
export function fillLink(template: LinkTemplate, service: ServiceRef): string {
  const values = new Map([
    ['cluster', service.cluster],
    ['namespace', service.namespace],
    ['service', service.name],
  ]);
  return template.url.replace(PLACEHOLDER, (_, name: string) =>
    encodeURIComponent(values.get(name) ?? ''),
  );
}
