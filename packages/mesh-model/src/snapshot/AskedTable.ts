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
  isObserved,
  noteRead,
  sameAnswer,
  unobserved,
  type Source,
} from './reading';
import type { MeshSnapshot } from './types';
import { WeakValueMap } from './WeakValueMap';

/** One question about a table, and its answer. */
class TableQuestion<V> implements Source {
  readonly gates: readonly Source[];
  private stamp = 0;

  constructor(
    private readonly group: Source,
    private readonly ask: (table: V) => unknown,
    private answer: unknown,
  ) {
    this.gates = [group];
  }

  stampAt(version: number): number {
    this.group.stampAt(version);
    return this.stamp;
  }

  /** Is it another answer? */
  askAgain(table: V): boolean {
    const answer = this.ask(table);
    const same = sameAnswer(answer, this.answer);
    this.answer = answer;
    if (!same) {
      this.stamp++;
    }
    return !same;
  }
}

/** Questions about one table; who asked some of them need not look at each as long as none has another answer. */
class QuestionGroup<V> implements Source {
  readonly gates: readonly Source[] = [this];
  /** A question lives as long as somebody has read its answer. */
  private readonly questions = new WeakValueMap<TableQuestion<V>>();
  private stamp = 0;
  private askedAt: number;
  private table: V;

  constructor(
    private readonly snapshot: MeshSnapshot,
    private readonly tableOf: (snapshot: MeshSnapshot) => V,
  ) {
    this.askedAt = snapshot.version;
    this.table = unobserved(() => tableOf(snapshot));
  }

  stampAt(version: number): number {
    if (this.askedAt !== version) {
      this.askedAt = version;
      const table = this.tableOf(this.snapshot);
      if (table !== this.table) {
        this.table = table;
        for (const question of this.questions.values()) {
          if (question.askAgain(table)) {
            this.stamp++;
          }
        }
      }
    }
    return this.stamp;
  }

  question(key: string, ask: (table: V) => unknown): Source {
    let question = this.questions.get(key);
    if (question === undefined) {
      unobserved(() => this.stampAt(this.snapshot.version));
      question = new TableQuestion(
        this,
        ask,
        unobserved(() => ask(this.table)),
      );
      this.questions.set(key, question);
    }
    return question;
  }
}

/** Into how many groups the questions about a table are divided. */
const GROUPS = 64;

function groupOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) {
    hash = (hash * 31 + key.charCodeAt(index)) % 65_521;
  }
  return hash % GROUPS;
}

/**
 * Declares a table that is another one after each of its changes, for readers that ask it single questions: they depend
 * on the answers, not on the table.
 */
export class AskedTable<V> {
  private readonly groups = new WeakMap<
    MeshSnapshot,
    Map<number, QuestionGroup<V>>
  >();

  constructor(readonly of: (snapshot: MeshSnapshot) => V) {}

  /** @param question - names the question; its answer must follow from the table alone */
  ask<T>(
    snapshot: MeshSnapshot,
    question: () => string,
    ask: (table: V) => T,
  ): T {
    if (!isObserved()) {
      return ask(this.of(snapshot));
    }
    const key = question();
    noteRead(this.groupFor(snapshot, key).question(key, ask));
    return unobserved(() => ask(this.of(snapshot)));
  }

  private groupFor(snapshot: MeshSnapshot, key: string): QuestionGroup<V> {
    const groups =
      this.groups.get(snapshot) ?? new Map<number, QuestionGroup<V>>();
    this.groups.set(snapshot, groups);
    const number = groupOf(key);
    const group = groups.get(number) ?? new QuestionGroup(snapshot, this.of);
    groups.set(number, group);
    return group;
  }
}

class LookUpTable<V> implements ReadonlyMap<string, V> {
  constructor(
    private readonly snapshot: MeshSnapshot,
    private readonly table: AskedTable<ReadonlyMap<string, V>>,
  ) {}

  get(key: string): V | undefined {
    return this.table.ask(
      this.snapshot,
      () => key,
      table => table.get(key),
    );
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.all().size;
  }

  forEach(
    callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void,
  ): void {
    this.all().forEach((value, key) => callback(value, key, this));
  }

  entries() {
    return this.all().entries();
  }

  keys() {
    return this.all().keys();
  }

  values() {
    return this.all().values();
  }

  [Symbol.iterator]() {
    return this.all()[Symbol.iterator]();
  }

  /** Who reads all of it depends on what it is made from. */
  private all(): ReadonlyMap<string, V> {
    return this.table.of(this.snapshot);
  }
}

/** A table of which who looks a key up depends on what is found there alone. */
export function lookUpTable<V>(
  snapshot: MeshSnapshot,
  table: AskedTable<ReadonlyMap<string, V>>,
): ReadonlyMap<string, V> {
  return new LookUpTable(snapshot, table);
}
