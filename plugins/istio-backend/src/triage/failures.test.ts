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

import { explainFlag } from '../prometheus/responseFlags';
import { howInWords, neverArrived } from './failures';

const outcome = (
  code: string,
  flags = '-',
  seenBy: 'server' | 'client' = 'server',
) => ({
  code,
  grpcStatus: '',
  flags,
  seenBy,
});

describe('who made an answer', () => {
  it('R9.2: without a flag it is the application, as its own proxy says', () => {
    expect(howInWords(outcome('500'))).toBe('answered by the app');
  });

  it('R9.2: without a flag, and counted by the client only, it may be a proxy in front of the application', () => {
    expect(howInWords(outcome('500', '-', 'client'))).toBe(
      'answered by the app or a proxy in front of it',
    );
  });

  it('R9.2: no response is none of either', () => {
    expect(howInWords(outcome('0'))).toBe('no response');
  });

  it('R9.3: with a flag it is the proxy, for its reason', () => {
    expect(howInWords(outcome('503', 'UH'))).toBe('no healthy endpoint');
  });

  it('R9.1: what never arrived is counted by the client only', () => {
    expect(neverArrived({ flags: 'UF,URX' })).toBe(true);
    expect(neverArrived({ flags: 'FI' })).toBe(false);
  });

  it.each(
    'UH UF UO NR NC URX UT UC UR LR UPE DPE DC DR DT SI UMSDR FI DI RL RLSE UAEX IH LH OM DF NFCF RFCF DO'.split(
      ' ',
    ),
  )('R9.3: %s is explained', name => {
    expect(explainFlag(name).words).not.toBe(`response flag ${name}`);
  });
});
