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

import { parseIstioServices } from './annotationValues';

describe('parseIstioServices', () => {
  it('reads services and hosts of ServiceEntries', () => {
    expect(
      parseIstioServices('a', 'bookinfo/reviews, api.Example.com'),
    ).toEqual([
      { namespace: 'bookinfo', name: 'reviews' },
      { host: 'api.example.com' },
    ]);
  });

  it.each(['', ',', 'reviews', 'a/b/c', 'Book Info/reviews', 'a/', '/b'])(
    'refuses %j, naming the annotation',
    value => {
      expect(() =>
        parseIstioServices('backstage.io/istio-services', value),
      ).toThrow('backstage.io/istio-services');
    },
  );
});
