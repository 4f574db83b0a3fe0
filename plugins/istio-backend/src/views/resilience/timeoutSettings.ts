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
  EffectiveSetting,
  ResilienceGroup,
} from '@mesh-portal/backstage-plugin-istio-common';
import type { PortRoutes, RouteRule } from '@mesh-portal/mesh-model';
import { retriesInWords, timeoutInWords } from '../routeWords';
import { originInWords } from './settingOrigin';

function ruleName(rule: RouteRule, index: number): string {
  return rule.name ?? `rule ${index + 1}`;
}

interface Told {
  rule: string;
  timeout: EffectiveSetting;
  retries: EffectiveSetting;
  statusCodes?: readonly number[];
}

function told(rule: RouteRule, index: number): Told {
  return {
    rule: ruleName(rule, index),
    timeout: {
      ...timeoutInWords(rule.timeout),
      from: originInWords(rule.timeout),
    },
    retries: {
      ...retriesInWords(rule.retries),
      from: originInWords(rule.retries),
    },
    ...(rule.retries.value.statusCodes === undefined
      ? {}
      : { statusCodes: rule.retries.value.statusCodes }),
  };
}

function same(settings: readonly EffectiveSetting[]): boolean {
  return new Set(settings.map(({ value }) => value)).size <= 1;
}

/** `3s (canary), none (qa)`: each value with the rules that have it. */
function byValue(all: readonly Told[], words: (of: Told) => string): string {
  const rules = new Map<string, string[]>();
  for (const of of all) {
    const value = words(of);
    rules.set(value, [...(rules.get(value) ?? []), of.rule]);
  }
  return [...rules]
    .map(([value, names]) => `${value} (${names.join(', ')})`)
    .join(', ');
}

/** On which statuses the default retries besides; those of the control plane's version. R5.24 */
function defaultStatusWords(statusCodes: readonly number[] | undefined) {
  if (statusCodes === undefined) {
    return ' and perhaps on every 503: the version of the control plane is not known';
  }
  return statusCodes.length === 0
    ? ' only'
    : ` and on every ${statusCodes.join(', ')}`;
}

/** The conditions of the default are long and say nothing but that connections fail. */
function retryWords({ retries, statusCodes }: Told): string {
  return retries.isDefault
    ? retries.value.replace(
        /, on .*$/,
        `, on connection failures${defaultStatusWords(statusCodes)}`,
      )
    : retries.value;
}

function sentenceOf(all: readonly Told[]): string {
  const [first] = all;
  const limit =
    first.timeout.value === 'none'
      ? 'Requests have no time limit'
      : `Requests time out after ${first.timeout.value}`;
  const again =
    first.retries.value === 'none'
      ? 'are not retried'
      : `are retried (${retryWords(first)})`;
  const oneLimit = same(all.map(({ timeout }) => timeout));
  const oneRetry = same(all.map(({ retries }) => retries));
  if (oneLimit && oneRetry) {
    return `${limit} and ${again}`;
  }
  return [
    oneLimit
      ? limit
      : `Time limits by rule: ${byValue(all, ({ timeout }) => timeout.value)}`,
    oneRetry
      ? `requests ${again}`
      : `retries by rule: ${byValue(all, retryWords)}`,
  ].join('; ');
}

/** Each value once where all rules agree, else once a rule. */
function settingsOf(
  all: readonly Told[],
  pick: 'timeout' | 'retries',
): EffectiveSetting[] {
  const settings = all.map(each => each[pick]);
  return same(settings)
    ? settings.slice(0, 1)
    : all.map(each => ({
        ...each[pick],
        setting: `${pick} (${each.rule})`,
      }));
}

/** Time limits and retries of the rules that send requests; absent where none speaks HTTP. R5.23, R5.24 */
export function timeoutsAndRetries(
  port: PortRoutes,
): ResilienceGroup | undefined {
  const rules = port.rules.filter(
    ({ action, state }) => action === 'route' && state !== 'unreachable',
  );
  if (rules.length === 0 || (port.class !== 'http' && port.class !== 'auto')) {
    return undefined;
  }
  const all = rules.map(told);
  return {
    subject: 'timeouts-and-retries',
    sentence: sentenceOf(all),
    settings: [...settingsOf(all, 'timeout'), ...settingsOf(all, 'retries')],
  };
}
