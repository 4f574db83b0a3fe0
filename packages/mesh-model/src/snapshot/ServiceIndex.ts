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

import type { SlimObjectByKind, StringMap } from '../objects';
import { isSubset } from './labelSelection';

type Service = SlimObjectByKind['Service'];

function pairOf(selector: StringMap): string | undefined {
  for (const key in selector) {
    if (Object.hasOwn(selector, key)) {
      return `${key}=${selector[key]}`;
    }
  }
  return undefined;
}

/** Services of one namespace by one pair of their selector, and those without a selector. */
export class ServiceIndex {
  private readonly byPair = new Map<string, Set<Service>>();
  readonly withoutSelector = new Set<Service>();

  get isEmpty(): boolean {
    return this.byPair.size === 0 && this.withoutSelector.size === 0;
  }

  add(service: Service): void {
    const pair = pairOf(service.spec.selector);
    if (pair === undefined) {
      this.withoutSelector.add(service);
      return;
    }
    const services = this.byPair.get(pair);
    if (services) {
      services.add(service);
    } else {
      this.byPair.set(pair, new Set([service]));
    }
  }

  remove(service: Service): void {
    const pair = pairOf(service.spec.selector);
    if (pair === undefined) {
      this.withoutSelector.delete(service);
      return;
    }
    const services = this.byPair.get(pair);
    services?.delete(service);
    if (services?.size === 0) {
      this.byPair.delete(pair);
    }
  }

  /** Services whose selector these labels satisfy, unordered. */
  selecting(labels: StringMap): Service[] {
    const found: Service[] = [];
    for (const key in labels) {
      if (!Object.hasOwn(labels, key)) {
        continue;
      }
      for (const service of this.byPair.get(`${key}=${labels[key]}`) ?? []) {
        if (isSubset(service.spec.selector, labels)) {
          found.push(service);
        }
      }
    }
    return found;
  }
}
