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

import { checkAddress, guardedLookup, hostOf } from './addressGuard';
import { urlTransport } from './urlTransport';

describe('addressGuard', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '100.100.100.200',
  ])('refuses %s unless it is listed', address => {
    expect(() => checkAddress(address, [])).toThrow('allowedAddresses');
    expect(() => checkAddress(address, [address])).not.toThrow();
  });

  it.each(['10.0.0.1', '127.0.0.1', '::1', 'prometheus.example'])(
    'lets %s pass',
    address => {
      expect(() => checkAddress(address, [])).not.toThrow();
    },
  );

  it('resolves names that lead to other addresses', async () => {
    const found = await new Promise((resolve, reject) => {
      guardedLookup([])('localhost', { all: true }, (error, addresses) =>
        error ? reject(error) : resolve(addresses),
      );
    });
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ address: expect.any(String) }),
      ]),
    );
  });

  it('hands out no guarded address for a name', async () => {
    const refused = await new Promise(resolve => {
      guardedLookup([])('169.254.169.254', {}, resolve);
    });
    expect(refused).toMatchObject({ problem: 'forbidden-address' });
  });

  it.each(['http://169.254.169.254/', 'http://[fe80::1]:9090/'])(
    'is asked before anything is sent to %s',
    async address => {
      const url = new URL(address);
      expect(hostOf(url)).not.toContain('[');
      await expect(
        urlTransport({ url, headers: {} }).request({
          method: 'POST',
          path: 'query',
          form: new URLSearchParams(),
          signal: AbortSignal.timeout(1000),
        }),
      ).rejects.toMatchObject({ problem: 'forbidden-address' });
    },
  );
});
