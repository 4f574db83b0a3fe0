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

import { HttpResponse } from 'msw';
import { IstioClient } from '../api';
import { scenes, type EntityAnswers } from '../testing/scenes';

/** Where the back end answers in tests. */
export const BACKEND = 'http://backend.test/api/istio';

/** A client of that back end which sends real requests, for msw to answer. */
export const backendClient = new IstioClient({
  discoveryApi: { getBaseUrl: async () => BACKEND },
  fetchApi: { fetch: (...request) => fetch(...request) },
});

/** The address of a view of an entity; most tests are about `reviews`. */
export function viewUrl(
  view: keyof EntityAnswers,
  component = 'reviews',
): string {
  return `${BACKEND}/v1/entities/component/default/${component}/${view}`;
}

/**
 * What the back end answers in a scene: the view, an error with its status, or nothing, as when it cannot be reached.
 *
 * @throws when no such scene has an answer: a test must not silently show something else
 */
export function sceneResponse(title: string, view: keyof EntityAnswers) {
  const answer = scenes.find(scene => scene.title === title)?.answers[view];
  if (answer === undefined || answer === 'pending') {
    throw new Error(`There is no scene “${title}” with an answer to ${view}`);
  }
  if ('view' in answer) {
    return HttpResponse.json(answer);
  }
  const { statusCode: status } = answer as Error & { statusCode?: number };
  return status === undefined
    ? HttpResponse.error()
    : HttpResponse.json(
        { error: { name: 'Error', message: answer.message } },
        { status },
      );
}
