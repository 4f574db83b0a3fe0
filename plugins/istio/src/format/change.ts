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

import { beforeInWords } from './duration';
import { formatShare } from './numbers';

/** How a number compares with the same window before. */
export interface Change {
  direction: 'up' | 'down' | 'same';
  words: string;
}

/** Below this relative difference two rates count as the same. */
const SAME = 0.03;

/**
 * Compares a rate or a duration with the window before, as a relative change.
 *
 * @param window - for example `1h`
 * @returns undefined when there is nothing to compare with
 */
export function relativeChange(
  now: number | undefined,
  before: number | undefined,
  window = '1h',
): Change | undefined {
  if (now === undefined || before === undefined) {
    return undefined;
  }
  if (before === 0) {
    return now === 0
      ? { direction: 'same', words: `as the ${beforeInWords(window)}` }
      : { direction: 'up', words: `none the ${beforeInWords(window)}` };
  }
  const relative = (now - before) / before;
  if (Math.abs(relative) < SAME) {
    return { direction: 'same', words: `as the ${beforeInWords(window)}` };
  }
  if (relative >= 2) {
    return {
      direction: 'up',
      words: `${(now / before).toFixed(1)}× the ${beforeInWords(window)}`,
    };
  }
  return {
    direction: relative > 0 ? 'up' : 'down',
    words: `${Math.round(Math.abs(relative) * 100)} % ${
      relative > 0 ? 'more' : 'less'
    } than the ${beforeInWords(window)}`,
  };
}

/**
 * Compares a share with the window before: the share it was, because a relative change of a share misleads.
 *
 * @param window - for example `1h`
 * @returns undefined when there is nothing to compare with
 */
export function shareChange(
  now: number | undefined,
  before: number | undefined,
  window = '1h',
): Change | undefined {
  if (now === undefined || before === undefined) {
    return undefined;
  }
  if (Math.abs(now - before) < 0.0005) {
    return { direction: 'same', words: `as the ${beforeInWords(window)}` };
  }
  return {
    direction: now > before ? 'up' : 'down',
    words: `was ${formatShare(before)} the ${beforeInWords(window)}`,
  };
}
