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

import { mockApis } from '@backstage/test-utils';
import { waitFor } from '@testing-library/react';
import { onlineManager, QueryObserver } from '@tanstack/react-query';
import { responseError } from '../testing/errors';
import {
  createIstioQueryClient,
  httpStatusOf,
  shouldRetry,
} from './istioQueryClient';
import { readRefreshIntervals } from './refreshIntervals';

function config(refreshInterval?: number) {
  return mockApis.config({
    data: { istio: refreshInterval === undefined ? {} : { refreshInterval } },
  });
}

describe('refresh intervals', () => {
  it('asks for configuration every 3 s and for signals every 30 s', () => {
    expect(readRefreshIntervals(config())).toEqual({
      configuration: 3_000,
      signals: 30_000,
    });
  });

  it('follows istio.refreshInterval, in seconds', () => {
    expect(readRefreshIntervals(config(60))).toEqual({
      configuration: 3_000,
      signals: 60_000,
    });
    expect(readRefreshIntervals(config(2))).toEqual({
      configuration: 2_000,
      signals: 2_000,
    });
  });

  it('refuses less than a second and names the key', () => {
    expect(() => readRefreshIntervals(config(0))).toThrow(
      'istio.refreshInterval must be a number of seconds, 1 or more; it is 0',
    );
  });
});

describe('a browser that believes it is offline', () => {
  afterEach(() => onlineManager.setOnline(true));

  it('asks all the same, and again when it is online', async () => {
    const asked = jest.fn(async () => 'answer');
    const client = createIstioQueryClient();
    client.mount();
    onlineManager.setOnline(false);
    const observer = new QueryObserver(client, {
      queryKey: ['view'],
      queryFn: asked,
      staleTime: 0,
    });
    const stop = observer.subscribe(() => undefined);
    await waitFor(() =>
      expect(observer.getCurrentResult().data).toBe('answer'),
    );
    onlineManager.setOnline(true);
    await waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    stop();
    client.unmount();
  });
});

describe('retries', () => {
  it.each([400, 401, 403, 404, 429])(
    'does not ask again after %i',
    async status => {
      expect(shouldRetry(0, await responseError(status, 'Error', 'no'))).toBe(
        false,
      );
    },
  );

  it('asks twice more after a failure of the server or the network', async () => {
    const error = await responseError(503, 'Error', 'no');
    expect([0, 1, 2].map(failures => shouldRetry(failures, error))).toEqual([
      true,
      true,
      false,
    ]);
    expect(shouldRetry(0, new TypeError('Failed to fetch'))).toBe(true);
  });

  it('reads the status of an error that has one', async () => {
    expect(httpStatusOf(await responseError(403, 'Error', 'no'))).toBe(403);
    expect(httpStatusOf(new Error('no'))).toBeUndefined();
    expect(httpStatusOf('no')).toBeUndefined();
  });
});
