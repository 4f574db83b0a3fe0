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

import { isError } from '@backstage/errors';
import { httpStatusOf } from '../queries';

/** A failure in words: what happened, and what a person can do about it. */
export interface ViewErrorWords {
  title: string;
  remedy: string;
  detail?: string;
}

function detailOf(error: unknown): string | undefined {
  if (!isError(error)) {
    return undefined;
  }
  const { body } = error;
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const inner: unknown = body.error;
    if (isError(inner)) {
      return inner.message;
    }
  }
  return error.message;
}

/** Words for a request that failed. A refusal (403) has its own state and is not treated here. */
export function viewErrorWords(error: unknown): ViewErrorWords {
  const status = httpStatusOf(error);
  const detail = detailOf(error);
  if (status === undefined) {
    return {
      title: 'The portal’s back end does not answer',
      remedy:
        'Check your connection and try again. If it stays, ask the portal’s operators whether its back end runs.',
      detail,
    };
  }
  if (status === 400) {
    return {
      title: 'The back end does not accept this request',
      remedy: 'Correct what the message names and try again.',
      detail,
    };
  }
  if (status === 401) {
    return {
      title: 'You are signed out',
      remedy: 'Sign in again, then reload this page.',
      detail,
    };
  }
  if (status === 404) {
    return {
      title: 'The back end does not know this entity',
      remedy:
        'Either it was removed from the catalog, or you may not see it, or the istio back-end plugin is not installed in this portal.',
      detail,
    };
  }
  if (status === 429) {
    return {
      title: 'Too many requests',
      remedy: 'Wait a minute; the page asks again by itself.',
      detail,
    };
  }
  return {
    title: `The back end failed (${status})`,
    remedy:
      'Try again. If it stays, the log of the istio back-end plugin says why.',
    detail,
  };
}
