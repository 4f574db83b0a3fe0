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
    private current: unknown,
  ) {
    this.gates = [group];
  }

  /** As of the last time that the table was another one. */
  get answer(): unknown {
    return this.current;
  }

  stampAt(version: number): number {
    this.group.stampAt(version);
    return this.stamp;
  }

  /** Is it another answer? */
  askAgain(table: V): boolean {
    const answer = this.ask(table);
    const same = sameAnswer(answer, this.current);
    this.current = answer;
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

  constructor(private readonly questionsOfTable: TableQuestions<V>) {}

  stampAt(version: number): number {
    this.questionsOfTable.tableAt(version);
    return this.stamp;
  }

  askAgain(table: V): void {
    for (const question of this.questions.values()) {
      if (question.askAgain(table)) {
        this.stamp++;
      }
    }
  }

  question(
    key: string,
    table: V,
    ask: (table: V) => unknown,
  ): TableQuestion<V> {
    let question = this.questions.get(key);
    if (question === undefined) {
      question = new TableQuestion(
        this,
        ask,
        unobserved(() => ask(table)),
      );
      this.questions.set(key, question);
    }
    return question;
  }
}

/** Into how many groups the questions about a table are divided. */
const GROUPS = 64;

function groupOf(topic: string): number {
  let hash = 0;
  for (let index = 0; index < topic.length; index += 1) {
    hash = (hash * 31 + topic.charCodeAt(index)) % 65_521;
  }
  return hash % GROUPS;
}

/** What is different in a table: about other topics it says what it said before. */
export type ChangedTopics = ReadonlySet<string> | 'any';

/** The questions about the table of one snapshot. */
class TableQuestions<V> {
  /** by hash of the topic */
  private readonly groups = new Map<number, QuestionGroup<V>>();
  private readonly ofAnyTopic = new QuestionGroup<V>(this);
  private askedAt: number;
  private table: V;

  constructor(
    private readonly snapshot: MeshSnapshot,
    private readonly tableOf: (snapshot: MeshSnapshot) => V,
    private readonly changedTopics: (before: V, after: V) => ChangedTopics,
  ) {
    this.askedAt = snapshot.version;
    this.table = unobserved(() => tableOf(snapshot));
  }

  /** The table, after the questions that it may answer otherwise than before were asked again. */
  tableAt(version: number): V {
    if (this.askedAt !== version) {
      this.askedAt = version;
      const before = this.table;
      this.table = unobserved(() => this.tableOf(this.snapshot));
      if (this.table !== before) {
        for (const group of this.groupsToAsk(before)) {
          unobserved(() => group.askAgain(this.table));
        }
      }
    }
    return this.table;
  }

  question(
    topic: string | undefined,
    key: string,
    ask: (table: V) => unknown,
  ): TableQuestion<V> {
    const table = this.tableAt(this.snapshot.version);
    return this.groupFor(topic).question(key, table, ask);
  }

  private groupsToAsk(before: V): ReadonlySet<QuestionGroup<V>> {
    const changed = this.changedTopics(before, this.table);
    const numbers =
      changed === 'any'
        ? this.groups.keys()
        : Array.from(changed, topic => groupOf(topic));
    const groups = new Set([this.ofAnyTopic]);
    for (const number of numbers) {
      const group = this.groups.get(number);
      if (group !== undefined) {
        groups.add(group);
      }
    }
    return groups;
  }

  private groupFor(topic: string | undefined): QuestionGroup<V> {
    if (topic === undefined) {
      return this.ofAnyTopic;
    }
    const number = groupOf(topic);
    const group = this.groups.get(number) ?? new QuestionGroup(this);
    this.groups.set(number, group);
    return group;
  }
}

/**
 * Declares a table that is another one after each of its changes, for readers that ask it single questions: they depend
 * on the answers, not on the table.
 */
export class AskedTable<V> {
  private readonly questions = new WeakMap<MeshSnapshot, TableQuestions<V>>();

  /** @param changedTopics - which questions must be asked again when one table takes the place of another */
  constructor(
    readonly of: (snapshot: MeshSnapshot) => V,
    private readonly changedTopics: (
      before: V,
      after: V,
    ) => ChangedTopics = () => 'any',
  ) {}

  /**
   * @param topic - that must change for another answer; undefined: any change may make it another
   * @param question - names the question; its answer must follow from the table alone
   */
  ask<T>(
    snapshot: MeshSnapshot,
    topic: string | undefined,
    question: () => string,
    ask: (table: V) => T,
  ): T {
    if (!isObserved()) {
      return ask(this.of(snapshot));
    }
    const asked = this.questionsFor(snapshot).question(topic, question(), ask);
    noteRead(asked);
    return asked.answer as T;
  }

  private questionsFor(snapshot: MeshSnapshot): TableQuestions<V> {
    const questions =
      this.questions.get(snapshot) ??
      new TableQuestions(snapshot, this.of, this.changedTopics);
    this.questions.set(snapshot, questions);
    return questions;
  }
}

/** A map that can be looked up, and not gone through. */
export type LookUp<V> = Pick<ReadonlyMap<string, V>, 'get' | 'has'>;

/**
 * A map that is part of a table: who looks a key up, which is the topic, depends on what is found there alone.
 *
 * @param name - of the map among those of the table
 */
export function lookUpTable<T, V>(
  snapshot: MeshSnapshot,
  table: AskedTable<T>,
  name: string,
  mapOf: (table: T) => LookUp<V>,
): LookUp<V> {
  const get = (key: string): V | undefined =>
    table.ask(
      snapshot,
      key,
      () => `${name} ${key}`,
      all => mapOf(all).get(key),
    );
  return { get, has: key => get(key) !== undefined };
}
