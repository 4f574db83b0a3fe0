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

import type { JsonObject, KubernetesObject } from './object';
import { gone } from './statusError';

/** A list as it was when its first page was asked for. */
export interface ListSnapshot {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: number;
}

/** One page of a list, with the `metadata` of its list object. */
export interface ListPage {
  readonly items: readonly KubernetesObject[];
  readonly metadata: JsonObject;
}

const TOKEN_LIMIT = 200;

/** Cuts lists into pages. Later pages come from the same snapshot as the first. */
export class ListPages {
  private readonly snapshots = new Map<string, ListSnapshot>();
  private sequence = 0;

  /** Forgets all continue tokens: the next page of any list gets 410. */
  expire(): void {
    this.snapshots.clear();
  }

  /**
   * The page that `limit` and `continue` of the query ask for.
   *
   * @param take - makes the snapshot for a first page
   * @throws StatusError 410 for a continue token that is no longer known
   */
  page(query: URLSearchParams, take: () => ListSnapshot): ListPage {
    const token = query.get('continue') ?? '';
    const limit = Number(query.get('limit') ?? 0);
    const [knownId = '', start = '0'] = token ? token.split('.') : [];
    const known = this.snapshots.get(knownId);
    if (token && !known) {
      throw gone(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    }
    const list = known ?? take();
    const offset = Number(start);
    const next = limit > 0 ? offset + limit : list.items.length;
    const remaining = list.items.length - next;
    return {
      items: list.items.slice(offset, next),
      metadata: {
        resourceVersion: String(list.resourceVersion),
        ...(remaining > 0
          ? {
              continue: `${knownId || this.keep(list)}.${next}`,
              remainingItemCount: remaining,
            }
          : {}),
      },
    };
  }

  private keep(list: ListSnapshot): string {
    this.sequence += 1;
    const id = `page${this.sequence}`;
    this.snapshots.set(id, list);
    const oldest = this.snapshots.keys().next();
    if (this.snapshots.size > TOKEN_LIMIT && !oldest.done) {
      this.snapshots.delete(oldest.value);
    }
    return id;
  }
}
