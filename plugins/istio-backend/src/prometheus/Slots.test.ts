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

import { type SlotOptions, Slots } from './Slots';

function slots(size: number, maxQueued = 100) {
  const under = new Slots({ size, maxQueued, maxPerUser: 3 });
  const entered: string[] = [];
  const leave: (() => void)[] = [];
  const enter = (name: string, options: SlotOptions = {}) =>
    under.run(options, () => {
      entered.push(name);
      return new Promise<void>(resolve => leave.push(resolve));
    });
  const next = async () => {
    leave.shift()?.();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { enter, entered, next };
}

describe('Slots', () => {
  it('lets the card in before the tab, and the background last', async () => {
    const { enter, entered, next } = slots(1);
    void enter('first');
    void enter('background', { priority: 'background' });
    void enter('tab', { priority: 'tab' });
    void enter('card', { priority: 'card' });
    for (let i = 0; i < 4; i++) await next();
    expect(entered).toEqual(['first', 'card', 'tab', 'background']);
  });

  it('gives one user three places, and the rest to others', async () => {
    const { enter, entered, next } = slots(6);
    for (const name of ['a1', 'a2', 'a3', 'a4']) {
      void enter(name, { user: 'a' });
    }
    void enter('b1', { user: 'b' });
    expect(entered).toEqual(['a1', 'a2', 'a3', 'b1']);
    await next();
    expect(entered).toEqual(['a1', 'a2', 'a3', 'b1', 'a4']);
  });

  it('refuses when too many wait', async () => {
    const { enter } = slots(1, 1);
    void enter('first');
    void enter('waiting');
    await expect(enter('refused')).rejects.toMatchObject({
      problem: 'overloaded',
    });
  });
});
