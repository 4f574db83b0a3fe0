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

import type { CompoundEntityRef } from '@backstage/catalog-model';
import type {
  EntityViewName,
  EntityViews,
  MeshServicesView,
  MyServicesView,
  ViewEnvelope,
} from '@mesh-portal/backstage-plugin-istio-common';
import type {
  AskedRequest,
  EntityViewOptions,
  IstioApi,
  MyServicesOptions,
} from '../api';

/** What a fixture answers: an envelope, an error to throw, or nothing ever. */
export type FixtureAnswer<T> = ViewEnvelope<T> | Error | 'pending';

/** The answers of a {@link FixtureIstioApi}, by view. Views without one never answer. */
export type FixtureAnswers = {
  [V in EntityViewName]?: FixtureAnswer<EntityViews[V]>;
} & {
  mesh?: FixtureAnswer<MeshServicesView>;
  mine?: FixtureAnswer<MyServicesView>;
};

function give<T>(
  answer: FixtureAnswer<T> | undefined,
): Promise<ViewEnvelope<T>> {
  if (answer === undefined || answer === 'pending') {
    return new Promise(() => {});
  }
  return 'view' in answer ? Promise.resolve(answer) : Promise.reject(answer);
}

/** Answers from fixtures, and remembers which clients and requests were asked for. */
export class FixtureIstioApi implements IstioApi {
  readonly clients: Array<string | undefined> = [];
  readonly requests: AskedRequest[] = [];
  readonly mine: Omit<MyServicesOptions, 'signal'>[] = [];
  readonly #answers: FixtureAnswers;

  constructor(answers: FixtureAnswers) {
    this.#answers = answers;
  }

  getEntityView<V extends EntityViewName>(
    view: V,
    _entity: CompoundEntityRef,
    options: EntityViewOptions = {},
  ): Promise<ViewEnvelope<EntityViews[V]>> {
    if (view === 'routes') {
      this.clients.push(options.client);
    }
    if (options.request) {
      this.requests.push(options.request);
    }
    const answers: {
      [W in EntityViewName]?: FixtureAnswer<EntityViews[W]>;
    } = this.#answers;
    return give<EntityViews[V]>(answers[view]);
  }

  getMyServices(
    options: MyServicesOptions = {},
  ): Promise<ViewEnvelope<MyServicesView>> {
    this.mine.push({ group: options.group, latency: options.latency });
    return give(this.#answers.mine);
  }

  getMeshServices(): Promise<ViewEnvelope<MeshServicesView>> {
    return give(this.#answers.mesh);
  }
}
