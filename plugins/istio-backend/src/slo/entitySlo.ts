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

import type { Entity } from '@backstage/catalog-model';
import {
  ISTIO_SLO_ANNOTATION,
  sloKeyAnnotation,
} from '@mesh-portal/backstage-plugin-istio-common';
import {
  defaultSloOf,
  type SloDefaults,
  type SloEntityTraits,
} from './sloDefaults';
import {
  isSloKey,
  parseSlo,
  SLO_KEYS,
  type SloDefinition,
  type SloKey,
  SloProblem,
  type SloTexts,
} from './sloDefinition';

/** What an entity promises, or why its promise cannot be understood. */
export type EntitySlo =
  | { definition: SloDefinition; problem?: undefined }
  | { definition?: undefined; problem: string };

/** An annotation longer than this is no objective. */
const LONGEST_ANNOTATION = 1000;

/**
 * The objective of an entity: its annotation, else the default that the configuration gives to entities of its tier or
 * lifecycle. A mistake in the annotation is said and never covered by a default.
 */
export function entitySlo(entity: Entity, defaults: SloDefaults): EntitySlo {
  const annotations = entity.metadata.annotations ?? {};
  try {
    const own = annotatedSlo(annotations);
    return { definition: own ?? defaultSloOf(traitsOf(entity), defaults) };
  } catch (error) {
    if (!(error instanceof SloProblem)) throw error;
    return { problem: error.message };
  }
}

function traitsOf(entity: Entity): SloEntityTraits {
  const lifecycle = entity.spec?.lifecycle;
  return {
    labels: entity.metadata.labels ?? {},
    ...(typeof lifecycle === 'string' && { lifecycle }),
  };
}

function annotatedSlo(
  annotations: Readonly<Record<string, string>>,
): SloDefinition | undefined {
  const json = annotations[ISTIO_SLO_ANNOTATION];
  const separate: Partial<Record<SloKey, string>> = {};
  for (const [name, text] of Object.entries(annotations)) {
    if (!name.startsWith(`${ISTIO_SLO_ANNOTATION}-`)) continue;
    const key = name.slice(ISTIO_SLO_ANNOTATION.length + 1);
    if (!isSloKey(key)) {
      throw new SloProblem(
        `Annotation ${name} is not known. Known are ${SLO_KEYS.map(
          sloKeyAnnotation,
        ).join(', ')}`,
      );
    }
    separate[key] = text;
  }
  const hasSeparate = Object.keys(separate).length > 0;
  if (json !== undefined && hasSeparate) {
    throw new SloProblem(
      `Annotation ${ISTIO_SLO_ANNOTATION} stands beside ${Object.keys(separate)
        .filter(isSloKey)
        .map(sloKeyAnnotation)
        .join(', ')}. Keep one way of writing`,
    );
  }
  if (json !== undefined) {
    return annotated(
      parseSlo(
        textsOfJson(json),
        key => `Annotation ${ISTIO_SLO_ANNOTATION}, ${key}`,
      ),
      ISTIO_SLO_ANNOTATION,
    );
  }
  if (!hasSeparate) return undefined;
  return annotated(
    parseSlo(separate, key => `Annotation ${sloKeyAnnotation(key)}`),
    `${ISTIO_SLO_ANNOTATION}-…`,
  );
}

function annotated(
  slo: Omit<SloDefinition, 'origin' | 'originWords'>,
  name: string,
): SloDefinition {
  return { ...slo, origin: 'annotation', originWords: `annotation ${name}` };
}

function textsOfJson(json: string): SloTexts {
  const invalid = (problem: string) =>
    new SloProblem(
      `Annotation ${ISTIO_SLO_ANNOTATION} ${problem}. Write for example {"availability":"99.9","latency":"99% < 500ms","period":"30d"}`,
    );
  if (json.length > LONGEST_ANNOTATION) {
    throw invalid(`is longer than ${LONGEST_ANNOTATION} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('is not a JSON object');
  }
  const texts: Partial<Record<SloKey, string>> = {};
  for (const [key, text] of Object.entries(value)) {
    if (!isSloKey(key)) {
      throw invalid(
        `has the unknown key '${key}'; known are ${SLO_KEYS.join(', ')}`,
      );
    }
    if (typeof text !== 'string') {
      throw invalid(`does not write ${key} as a text in quotes`);
    }
    texts[key] = text;
  }
  return texts;
}
