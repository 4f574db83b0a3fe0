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

import { lastChangeOf } from './lastChange';
import { projectObject } from './projection';

const APPLIED = { manager: 'argocd', time: '2026-03-01T10:31:00Z' };
const OLDER = { manager: 'kubectl-edit', time: '2026-03-01T09:00:00Z' };

describe('the last change of an object', () => {
  it('is the latest entry of managedFields, with who wrote it', () => {
    expect(lastChangeOf([OLDER, APPLIED], 'VirtualService')).toEqual({
      at: Date.UTC(2026, 2, 1, 10, 31),
      by: 'argocd',
    });
  });

  it('is not a report of status', () => {
    const status = {
      manager: 'pilot-discovery',
      time: '2026-03-01T11:00:00Z',
      subresource: 'status',
    };
    expect(lastChangeOf([APPLIED, status], 'VirtualService')?.by).toBe(
      'argocd',
    );
  });

  it('is a change of scale', () => {
    const scale = {
      manager: 'hpa',
      time: '2026-03-01T11:00:00Z',
      subresource: 'scale',
    };
    expect(lastChangeOf([APPLIED, scale], 'Deployment')?.by).toBe('hpa');
  });

  it.each([
    ['nothing', undefined],
    ['no list', {}],
    ['entries without a time', [null, 3, { manager: 'x' }, { time: 'x' }]],
  ])('is not known from %s', (_what, managedFields) => {
    expect(lastChangeOf(managedFields, 'VirtualService')).toBeUndefined();
  });

  it('is not kept of pods, which nobody edits', () => {
    expect(lastChangeOf([APPLIED], 'Pod')).toBeUndefined();
  });

  it('stands in the metadata of the projected object', () => {
    const object = projectObject(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: {
          name: 'reviews',
          namespace: 'bookinfo',
          managedFields: [APPLIED],
        },
      },
      'VirtualService',
    );
    expect(object?.metadata.lastChange?.by).toBe('argocd');
  });
});
