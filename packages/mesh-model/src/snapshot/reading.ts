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
import { FadingMap } from './FadingMap';
import { WeakValueMap } from './WeakValueMap';

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

const questions = new WeakMap<MeshSnapshot, WeakValueMap<Question>>();

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
  const asked = questions.get(snapshot) ?? new WeakValueMap<Question>();
  questions.set(snapshot, asked);
  const key = id();
  let question = asked.get(key);
  if (question === undefined) {
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
  const all = new WeakMap<MeshSnapshot, WeakMap<O, KeptAnswer<T>>>();
  return (snapshot, object) => {
    const ofSnapshot = all.get(snapshot) ?? new WeakMap<O, KeptAnswer<T>>();
    all.set(snapshot, ofSnapshot);
    let kept = ofSnapshot.get(object);
    if (kept === undefined) {
      kept = new KeptAnswer(snapshot, () => compute(snapshot, object));
      ofSnapshot.set(object, kept);
    }
    return kept.read();
  };
}

/** As {@link keptPerObject}, for an answer that is named by a key; it is forgotten when nobody asks for it any more. */
export function keptPerKey<T>(
  compute: (snapshot: MeshSnapshot, key: string) => T,
): (snapshot: MeshSnapshot, key: string) => T {
  const all = new WeakMap<MeshSnapshot, FadingMap<KeptAnswer<T>>>();
  return (snapshot, key) => {
    const ofSnapshot = all.get(snapshot) ?? new FadingMap<KeptAnswer<T>>();
    all.set(snapshot, ofSnapshot);
    let kept = ofSnapshot.get(key, snapshot.version);
    if (kept === undefined) {
      kept = new KeptAnswer(snapshot, () => compute(snapshot, key));
      ofSnapshot.set(key, kept, snapshot.version);
    }
    return kept.read();
  };
}
