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

/** What a service promises. */
export interface SloDefinition {
  origin: 'annotation' | 'default';
  /** where it was read, for a person */
  originWords: string;
  /** percent of requests that succeed */
  availability?: number;
  latency?: LatencyObjective;
  periodDays: number;
  /** `client`: failures that never reached the server count too */
  view: 'server' | 'client';
  /** response codes that count neither as good nor as bad */
  exclude: readonly string[];
}

/** So many percent of answers within so many milliseconds. */
export interface LatencyObjective {
  target: number;
  thresholdMs: number;
}

/** The flat texts an objective is written in: an annotation, or a block of the configuration. */
export type SloTexts = Readonly<Partial<Record<SloKey, string>>>;

export const SLO_KEYS = [
  'availability',
  'latency',
  'period',
  'view',
  'exclude',
] as const;

export type SloKey = (typeof SLO_KEYS)[number];

/** Something in an objective that cannot be understood: names the place and the remedy. */
export class SloProblem extends Error {}

const LOWEST_TARGET = 50;
const HIGHEST_TARGET = 99.999;
const LONGEST_THRESHOLD_MS = 3_600_000;
const LONGEST_PERIOD_DAYS = 90;

/** Is this one of the keys of an objective? */
export function isSloKey(name: string): name is SloKey {
  return SLO_KEYS.some(key => key === name);
}

/**
 * Reads an objective from its texts (golden-signals §4, Entity annotation).
 *
 * @param texts - by key
 * @param placeOf - how a person finds the text of a key, for messages
 * @throws SloProblem naming the place and what to write
 */
export function parseSlo(
  texts: SloTexts,
  placeOf: (key: SloKey) => string,
): Omit<SloDefinition, 'origin' | 'originWords'> {
  const read = <T>(key: SloKey, parse: (text: string) => T): T | undefined => {
    const text = texts[key]?.trim();
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof SloProblem)) throw error;
      throw new SloProblem(`${placeOf(key)}: ${error.message}`);
    }
  };
  const availability = read('availability', parseTarget);
  const latency = read('latency', parseLatency);
  if (availability === undefined && latency === undefined) {
    throw new SloProblem(
      `${placeOf(
        'availability',
      )}: neither availability nor latency is written. Write for example 99.9`,
    );
  }
  return {
    ...(availability !== undefined && { availability }),
    ...(latency && { latency }),
    periodDays: read('period', parsePeriod) ?? 30,
    view: read('view', parseView) ?? 'server',
    exclude: read('exclude', parseCodes) ?? [],
  };
}

/** `99.9` or `99.9%`, percent. */
function parseTarget(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)\s*%?$/.exec(text);
  if (!match) {
    throw new SloProblem(
      `'${text}' is not a target. Write percent, for example 99.9`,
    );
  }
  const target = Number(match[1]);
  if (target < LOWEST_TARGET || target > HIGHEST_TARGET) {
    throw new SloProblem(
      `the target ${match[1]} is out of range. Write a number from ${LOWEST_TARGET} to ${HIGHEST_TARGET}`,
    );
  }
  return target;
}

/** `99% < 500ms`, `99<500ms`, `95 % < 2s`. */
function parseLatency(text: string): LatencyObjective {
  const match = /^([\d.]+\s*%?)\s*<\s*(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s)$/.exec(
    text,
  );
  if (!match) {
    throw new SloProblem(
      `'${text}' is not a latency objective. Write for example 99% < 500ms`,
    );
  }
  const thresholdMs = Number(match[2]) * (match[3] === 's' ? 1000 : 1);
  if (thresholdMs <= 0 || thresholdMs > LONGEST_THRESHOLD_MS) {
    throw new SloProblem(
      `the threshold ${match[2]}${match[3]} is out of range. Write more than 0 and at most ${LONGEST_THRESHOLD_MS}ms`,
    );
  }
  return { target: parseTarget(match[1].trim()), thresholdMs };
}

/** `30d` or `4w`. */
function parsePeriod(text: string): number {
  const match = /^(\d{1,3})([dw])$/.exec(text);
  const days = match ? Number(match[1]) * (match[2] === 'w' ? 7 : 1) : 0;
  if (days < 1 || days > LONGEST_PERIOD_DAYS) {
    throw new SloProblem(
      `'${text}' is not a period. Write days or weeks up to ${LONGEST_PERIOD_DAYS}d, for example 30d or 4w`,
    );
  }
  return days;
}

function parseView(text: string): 'server' | 'client' {
  if (text !== 'server' && text !== 'client') {
    throw new SloProblem(`'${text}' is not a view. Write server or client`);
  }
  return text;
}

/** `403` or `403, 429`. */
function parseCodes(text: string): string[] {
  const codes = text.split(',').map(code => code.trim());
  for (const code of codes) {
    if (!/^[1-5]\d\d$/.test(code)) {
      throw new SloProblem(
        `'${code}' is not a response code. Write codes with commas between, for example 403,429`,
      );
    }
  }
  return [...new Set(codes)].sort();
}
