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

import {
  counted,
  formatByteRate,
  formatMilliseconds,
  formatNumber,
  formatRate,
  formatSeconds,
  formatShare,
  nameOfObject,
  NO_NUMBER,
  relativeChange,
  shareChange,
  windowInWords,
} from '.';

describe('numbers', () => {
  it.each([
    [undefined, NO_NUMBER],
    [NaN, NO_NUMBER],
    [Infinity, NO_NUMBER],
    [0, '0'],
    [0.001, '<0.01'],
    [0.05, '0.05'],
    [1.999, '2'],
    [12.34, '12.3'],
    [100, '100'],
    [120, '120'],
    [1234.5, '1,235'],
  ])('%p is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('never shows what is not known as zero', () => {
    expect(formatRate(undefined)).toBe(NO_NUMBER);
    expect(formatShare(undefined)).toBe(NO_NUMBER);
    expect(formatMilliseconds(undefined)).toBe(NO_NUMBER);
    expect(formatByteRate(undefined)).toBe(NO_NUMBER);
  });

  it('calls a share all only when it is all, and none only when it is none', () => {
    expect(formatShare(1)).toBe('100 %');
    expect(formatShare(0.99999)).toBe('>99.99 %');
    expect(formatShare(0.0419)).toBe('4.19 %');
    expect(formatShare(0.00001)).toBe('<0.01 %');
    expect(formatShare(0)).toBe('0 %');
  });

  it('chooses units', () => {
    expect(formatMilliseconds(46)).toBe('46 ms');
    expect(formatMilliseconds(1500)).toBe('1.5 s');
    expect(formatByteRate(950)).toBe('950 B/s');
    expect(formatByteRate(41_000)).toBe('41 kB/s');
    expect(formatByteRate(2_500_000)).toBe('2.5 MB/s');
  });

  it('gives ages', () => {
    expect(formatSeconds(8.4)).toBe('8 s');
    expect(formatSeconds(480)).toBe('8 min');
    expect(formatSeconds(7_200)).toBe('2 h');
    expect(formatSeconds(259_200)).toBe('3 d');
  });
});

describe('changes', () => {
  it('needs both sides', () => {
    expect(relativeChange(1, undefined)).toBeUndefined();
    expect(relativeChange(undefined, 1)).toBeUndefined();
    expect(shareChange(0.1, undefined)).toBeUndefined();
  });

  it.each([
    [12.4, 12.1, 'same', 'as the hour before'],
    [0, 0, 'same', 'as the hour before'],
    [5, 0, 'up', 'none the hour before'],
    [12, 10, 'up', '20 % more than the hour before'],
    [8, 10, 'down', '20 % less than the hour before'],
    [420, 45, 'up', '9.3× the hour before'],
  ])('%p after %p is %s: %s', (now, before, direction, words) => {
    expect(relativeChange(now, before)).toEqual({ direction, words });
  });

  it('says what a share was', () => {
    expect(shareChange(0.12, 0.001)).toEqual({
      direction: 'up',
      words: 'was 0.1 % the hour before',
    });
    expect(shareChange(0.001, 0.0011)?.direction).toBe('same');
  });
});

describe('words', () => {
  it('names objects with and without namespace', () => {
    const object = { group: '', kind: 'Service', name: 'reviews' };
    expect(nameOfObject({ ...object, namespace: 'bookinfo' })).toBe(
      'Service bookinfo/reviews',
    );
    expect(nameOfObject(object)).toBe('Service reviews');
  });

  it('says windows', () => {
    expect(windowInWords('1h')).toBe('the last hour');
    expect(windowInWords('30d')).toBe('the last 30d');
  });

  it('counts', () => {
    expect(counted(1, 'pod')).toBe('1 pod');
    expect(counted(5_000, 'service')).toBe('5,000 services');
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });
});
