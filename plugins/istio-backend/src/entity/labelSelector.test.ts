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

import { matchesLabelSelector } from '@mesh-portal/mesh-model';
import { parseLabelSelector } from './labelSelector';

const labels = { app: 'reviews', version: 'v2' };

describe('parseLabelSelector', () => {
  it.each([
    ['app=reviews', true],
    ['app == reviews', true],
    ['app!=reviews', false],
    ['app=reviews, version in (v1, v2)', true],
    ['version notin (v1,v2)', false],
    ['app', true],
    ['!tier', true],
    ['tier', false],
    ['version=v1', false],
  ])('reads %s as kubectl does', (text, matches) => {
    expect(matchesLabelSelector(parseLabelSelector(text), labels)).toBe(
      matches,
    );
  });

  it.each(['', ' , ', 'app=re views', 'app in v1', 'app=(', '=v1'])(
    'refuses %j and says what to write',
    text => {
      expect(() => parseLabelSelector(text)).toThrow(/write|empty/);
    },
  );
});
