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

import { InputError } from '@backstage/errors';
import { type Window, WINDOW_SECONDS } from '../prometheus';
import type { ViewParameters } from './MeshService';

function isWindow(text: string): text is Window {
  return Object.hasOwn(WINDOW_SECONDS, text);
}

/** The window asked for; an hour when none is. @throws InputError naming the parameter */
export function windowOf({ window = '1h' }: ViewParameters): Window {
  if (!isWindow(window)) {
    throw new InputError(
      `Parameter window must be one of ${Object.keys(WINDOW_SECONDS).join(
        ', ',
      )}, but is '${window}'`,
    );
  }
  return window;
}
