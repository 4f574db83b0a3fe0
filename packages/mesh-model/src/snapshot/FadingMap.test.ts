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

import { FadingMap, VERSIONS_UNTIL_FADED } from './FadingMap';

describe('values that fade when nobody asks for them', () => {
  it('are all there as long as the version is young, however many they are', () => {
    const map = new FadingMap<number>();
    for (let index = 0; index < 1_000; index += 1) {
      map.set(`key ${index}`, index, VERSIONS_UNTIL_FADED);
    }
    for (let index = 0; index < 1_000; index += 1) {
      expect(map.get(`key ${index}`, VERSIONS_UNTIL_FADED)).toBe(index);
    }
    expect(map.get('key 1000', VERSIONS_UNTIL_FADED)).toBeUndefined();
  });

  it('do not pile up, however many keys come and go', () => {
    const map = new FadingMap<number>();
    for (let version = 0; version < 100_000; version += 1) {
      map.set(`passing ${version}`, version, version);
    }
    expect(map.size).toBeLessThanOrEqual(2 * VERSIONS_UNTIL_FADED + 2);
    expect(map.get('passing 0', 100_000)).toBeUndefined();
    expect(map.get('passing 99999', 100_000)).toBe(99_999);
  });

  it('stay, however many others come and go, when they are asked for', () => {
    const map = new FadingMap<number>();
    map.set('asked for', 1, 0);
    map.set('forgotten', 2, 0);
    for (let version = 0; version < 100_000; version += 1) {
      map.set(`passing ${version}`, version, version);
      map.get('asked for', version);
    }
    expect(map.get('asked for', 100_000)).toBe(1);
    expect(map.get('forgotten', 100_000)).toBeUndefined();
  });
});
