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

import type { MeshSnapshot } from './types';

/** Something that can be read and may change. */
export interface Source {
  /** A number that grows when what is read has changed, as of a version of the snapshot it belongs to. */
  stampAt(version: number): number;
  /**
   * Sources without whose change this one does not change. Many share a gate, so that as long as it stands still, none
   * of them need be looked at.
   */
  readonly gates: readonly Source[];
}

/** What the computation that runs now has read so far; `undefined` while nobody wants to know. */
let sourcesRead: Set<Source> | undefined;

/** Does anybody want to know what is read? */
export function isObserved(): boolean {
  return sourcesRead !== undefined;
}

/** Runs a computation whose reads do not concern whoever called it. */
export function unobserved<T>(compute: () => T): T {
  const outer = sourcesRead;
  sourcesRead = undefined;
  try {
    return compute();
  } finally {
    sourcesRead = outer;
  }
}

function sumOf(sources: readonly Source[], version: number): number {
  let sum = 0;
  for (const source of sources) {
    sum += source.stampAt(version);
  }
  return sum;
}

/** Is it the same value, or a list of the same elements? */
export function sameAnswer(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) {
      return false;
    }
  }
  return true;
}

function gatesOf(sources: readonly Source[]): readonly Source[] {
  return [...new Set(sources.flatMap(({ gates }) => gates))];
}

/**
 * A question whose answer may change less often than what it is read from: it is asked again, once a version, only when
 * that has changed, and has changed itself only when the answer is another value or a list of other elements.
 */
export class Question implements Source {
  readonly gates: readonly Source[];
  private stamp = 0;
  private askedAt: number;
  private readFrom: number;

  /** @param sources - none: it is asked once a version */
  constructor(
    version: number,
    private readonly sources: readonly Source[],
    private readonly ask: () => unknown,
    private answer: unknown,
  ) {
    this.askedAt = version;
    this.readFrom = unobserved(() => sumOf(sources, version));
    const shared = gatesOf(sources);
    this.gates = shared.length === 1 ? shared : [this];
  }

  stampAt(version: number): number {
    if (this.askedAt !== version) {
      this.askedAt = version;
      const readFrom = sumOf(this.sources, version);
      if (this.sources.length === 0 || readFrom !== this.readFrom) {
        this.readFrom = readFrom;
        const answer = this.ask();
        if (!sameAnswer(answer, this.answer)) {
          this.stamp++;
        }
        this.answer = answer;
      }
    }
    return this.stamp;
  }
}

/** Notes that a source was read, when somebody wants to know. */
export function noteRead(source: Source): void {
  sourcesRead?.add(source);
}

/** Of objects that are long gone, too: above this number they are dropped. */
const MAX_QUESTIONS = 500_000;

const questions = new WeakMap<MeshSnapshot, Map<string, Question>>();

/**
 * Asks, and notes that the answer was read instead of all that it was read from.
 *
 * @param id - of the question, the same one for the same question about this snapshot
 * @param sources - what the answer is read from: it is asked again when one of them changes; none: once a version
 */
export function answered<T>(
  snapshot: MeshSnapshot,
  id: () => string,
  sources: () => readonly Source[],
  ask: () => T,
): T {
  if (sourcesRead === undefined) {
    return ask();
  }
  const answer = unobserved(ask);
  const asked = questions.get(snapshot) ?? new Map<string, Question>();
  questions.set(snapshot, asked);
  const key = id();
  let question = asked.get(key);
  if (question === undefined) {
    if (asked.size >= MAX_QUESTIONS) {
      // Who has read one, keeps it: nothing is forgotten but that the next reader could have shared it.
      asked.clear();
    }
    question = new Question(snapshot.version, sources(), ask, answer);
    asked.set(key, question);
  }
  sourcesRead.add(question);
  return answer;
}

/** What a computation reads, and its value. */
export function sourcesOf<T>(compute: () => T): {
  value: T;
  sources: readonly Source[];
} {
  const outer = sourcesRead;
  const read = new Set<Source>();
  sourcesRead = read;
  try {
    return { value: compute(), sources: [...read] };
  } finally {
    sourcesRead = outer;
  }
}

/** The sources behind one gate, by their place among all sources of a reading. */
interface GatedSources {
  gate: Source;
  stamp: number;
  members: number[];
}

/** A value, and whether it still is what would be computed. */
class Reading<T> {
  readonly value: T;
  gates: readonly Source[] = [];
  private readonly sources: readonly Source[];
  private readonly stamps: readonly number[];
  private gated: readonly GatedSources[] = [];
  private gatesOfSources: readonly (readonly Source[])[] = [];
  private heldAt: number;

  /** Computes the value and notes all that is read on the way. */
  constructor(private readonly snapshot: MeshSnapshot, compute: () => T) {
    const { value, sources } = sourcesOf(compute);
    this.value = value;
    this.sources = sources;
    this.heldAt = snapshot.version;
    this.stamps = unobserved(() =>
      sources.map(source => source.stampAt(this.heldAt)),
    );
    this.group();
  }

  /** Has nothing changed that the value was computed from? */
  holds(): boolean {
    const { version } = this.snapshot;
    if (this.heldAt !== version) {
      if (!unobserved(() => this.unchangedAt(version))) {
        return false;
      }
      this.heldAt = version;
    }
    return true;
  }

  private unchangedAt(version: number): boolean {
    let otherGates = false;
    for (const group of this.gated) {
      const stamp = group.gate.stampAt(version);
      if (stamp === group.stamp) {
        continue;
      }
      for (const member of group.members) {
        const source = this.sources[member];
        if (source.stampAt(version) !== this.stamps[member]) {
          return false;
        }
        otherGates ||= source.gates !== this.gatesOfSources[member];
      }
      group.stamp = stamp;
    }
    if (otherGates) {
      this.heldAt = version;
      unobserved(() => this.group());
    }
    return true;
  }

  private group(): void {
    const groups = new Map<Source, GatedSources>();
    for (const [member, { gates }] of this.sources.entries()) {
      for (const gate of gates) {
        const group = groups.get(gate);
        if (group === undefined) {
          groups.set(gate, {
            gate,
            stamp: unobserved(() => gate.stampAt(this.heldAt)),
            members: [member],
          });
        } else {
          group.members.push(member);
        }
      }
    }
    this.gated = [...groups.values()];
    this.gatesOfSources = this.sources.map(({ gates }) => gates);
    this.gates = [...groups.keys()];
  }
}

/** An answer that is computed again when something that it was computed from has changed. */
class KeptAnswer<T> implements Source {
  private reading: Reading<T>;
  private stamp = 0;

  constructor(
    readonly snapshot: MeshSnapshot,
    private readonly compute: () => T,
  ) {
    this.reading = new Reading(snapshot, compute);
  }

  get gates(): readonly Source[] {
    return this.reading.gates;
  }

  stampAt(): number {
    this.current();
    return this.stamp;
  }

  /** The answer as of now; whoever reads it depends on it alone. */
  read(): T {
    const value = this.current();
    noteRead(this);
    return value;
  }

  private current(): T {
    if (!this.reading.holds()) {
      const before = this.reading.value;
      this.reading = new Reading(this.snapshot, this.compute);
      if (!sameAnswer(before, this.reading.value)) {
        this.stamp++;
      }
    }
    return this.reading.value;
  }
}

/**
 * Declares an answer about one object that is kept until something that it was computed from changes: what that is, is
 * noted while it is computed. It hangs on the object itself, which a change of the object replaces.
 */
export function keptPerObject<O extends object, T>(
  compute: (snapshot: MeshSnapshot, object: O) => T,
): (snapshot: MeshSnapshot, object: O) => T {
  const all = new WeakMap<O, KeptAnswer<T>>();
  return (snapshot, object) => {
    let kept = all.get(object);
    if (kept?.snapshot !== snapshot) {
      kept = new KeptAnswer(snapshot, () => compute(snapshot, object));
      all.set(object, kept);
    }
    return kept.read();
  };
}

/** As {@link keptPerObject}, for an answer that is named by a key. */
export function keptPerKey<T>(
  compute: (snapshot: MeshSnapshot, key: string) => T,
): (snapshot: MeshSnapshot, key: string) => T {
  const all = new WeakMap<MeshSnapshot, Map<string, KeptAnswer<T>>>();
  return (snapshot, key) => {
    const ofSnapshot = all.get(snapshot) ?? new Map<string, KeptAnswer<T>>();
    all.set(snapshot, ofSnapshot);
    let kept = ofSnapshot.get(key);
    if (kept === undefined) {
      kept = new KeptAnswer(snapshot, () => compute(snapshot, key));
      ofSnapshot.set(key, kept);
    }
    return kept.read();
  };
}

/** Questions about one table; who asked some of them need not look at each as long as none has another answer. */
class QuestionGroup<V> implements Source {
  readonly gates: readonly Source[] = [this];
  /** A question lives as long as somebody has read its answer. */
  private readonly questions = new Map<string, WeakRef<TableQuestion<V>>>();
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
        for (const [key, reference] of this.questions) {
          const question = reference.deref();
          if (question === undefined) {
            this.questions.delete(key);
          } else if (question.askAgain(table)) {
            this.stamp++;
          }
        }
      }
    }
    return this.stamp;
  }

  question(key: string, ask: (table: V) => unknown): Source {
    let question = this.questions.get(key)?.deref();
    if (question === undefined) {
      unobserved(() => this.stampAt(this.snapshot.version));
      question = new TableQuestion(
        this,
        ask,
        unobserved(() => ask(this.table)),
      );
      this.questions.set(key, new WeakRef(question));
    }
    return question;
  }
}

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

/** Into how many groups the questions about a table are divided. */
const GROUPS = 64;

function groupOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) {
    hash = (hash * 31 + key.charCodeAt(index)) % 65_521;
  }
  return hash % GROUPS;
}

/** A table that is another one after each of its changes. */
export interface WholeTable<V> {
  name: string;
  of: (snapshot: MeshSnapshot) => V;
}

const groups = new WeakMap<MeshSnapshot, Map<string, unknown>>();

/**
 * Asks a table, and notes that the answer was read, not the whole table.
 *
 * @param question - names the question; its answer follows from the table alone
 */
export function askedOfTable<V, T>(
  snapshot: MeshSnapshot,
  { name, of }: WholeTable<V>,
  question: () => string,
  ask: (table: V) => T,
): T {
  if (sourcesRead === undefined) {
    return ask(of(snapshot));
  }
  const ofSnapshot = groups.get(snapshot) ?? new Map<string, unknown>();
  groups.set(snapshot, ofSnapshot);
  const key = question();
  const groupName = `${name} ${groupOf(key)}`;
  let group = ofSnapshot.get(groupName) as QuestionGroup<V> | undefined;
  if (group === undefined) {
    group = new QuestionGroup(snapshot, of);
    ofSnapshot.set(groupName, group);
  }
  sourcesRead.add(group.question(key, ask));
  return unobserved(() => ask(of(snapshot)));
}

/** A table of which who looks a key up depends on what is found there alone. */
export function lookUpTable<V>(
  snapshot: MeshSnapshot,
  table: WholeTable<ReadonlyMap<string, V>>,
): ReadonlyMap<string, V> {
  return new LookUpTable(snapshot, table);
}

class LookUpTable<V> implements ReadonlyMap<string, V> {
  constructor(
    private readonly snapshot: MeshSnapshot,
    private readonly table: WholeTable<ReadonlyMap<string, V>>,
  ) {}

  get(key: string): V | undefined {
    return askedOfTable(
      this.snapshot,
      this.table,
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
