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

/** What placeholders are filled with. */
export interface LinkSubject {
  service: ServiceRef;
  /** epoch seconds of the span to look at; absent: the last hour */
  from?: number;
  to?: number;
  version?: string;
  workload?: string;
  /** the caller's workload */
  caller?: string;
  /** PromQL, of a link to Prometheus */
  query?: string;
}

const PLACEHOLDER = /\{\{\s*([^}]*?)\s*\}\}/g;

const NAMES = [
  'cluster',
  'namespace',
  'service',
  'from',
  'to',
  'fromSeconds',
  'toSeconds',
  'fromMicros',
  'toMicros',
  'fromIso',
  'toIso',
  'version',
  'workload',
  'caller',
  'query',
] as const;

type PlaceholderName = (typeof NAMES)[number];

const HOUR_SECONDS = 3600;

function isPlaceholder(name: string): name is PlaceholderName {
  return NAMES.some(known => known === name);
}

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
      if (!isPlaceholder(name)) {
        throw new Error(
          `${key} names {{${name}}}; known are ${NAMES.map(
            known => `{{${known}}}`,
          ).join(', ')}`,
        );
      }
    }
    return { title: link.getString('title'), url };
  });
}

function valuesOf(
  subject: LinkSubject,
): Record<PlaceholderName, string | undefined> {
  const { service, version, workload, caller, query } = subject;
  const to = Math.round(subject.to ?? Date.now() / 1000);
  const from = Math.round(subject.from ?? to - HOUR_SECONDS);
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    cluster: service.cluster,
    namespace: service.namespace,
    service: service.name,
    from: `${from * 1000}`,
    to: `${to * 1000}`,
    fromSeconds: `${from}`,
    toSeconds: `${to}`,
    fromMicros: `${from * 1e6}`,
    toMicros: `${to * 1e6}`,
    fromIso: iso(from),
    toIso: iso(to),
    version,
    workload,
    caller,
    query,
  };
}

/**
 * Fills the placeholders of a template, escaped for an address.
 *
 * @returns undefined where the template asks for something that is not known here, for example a query
 */
export function fillLink(
  template: LinkTemplate,
  subject: LinkSubject,
): string | undefined {
  const values = valuesOf(subject);
  let complete = true;
  const url = template.url.replace(PLACEHOLDER, (_, name: string) => {
    const value = isPlaceholder(name) ? values[name] : undefined;
    complete &&= value !== undefined;
    return encodeURIComponent(value ?? '');
  });
  return complete ? url : undefined;
}

/** Does the template lead to a query of Prometheus? */
export function isQueryLink({ url }: LinkTemplate): boolean {
  return [...url.matchAll(PLACEHOLDER)].some(([, name]) => name === 'query');
}
