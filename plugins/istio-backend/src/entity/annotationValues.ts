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

/** A value of an annotation that cannot be used; the message says what to write. */
export class AnnotationError extends Error {
  constructor(readonly annotation: string, problem: string) {
    super(`Annotation ${annotation}: ${problem}`);
    this.name = 'AnnotationError';
  }
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/i;

/** One entry of `backstage.io/istio-services`. */
export type NamedService =
  | { namespace: string; name: string }
  | { host: string };

/**
 * Reads `backstage.io/istio-services`: a comma-separated list of `namespace/name` or hosts of ServiceEntries.
 *
 * @throws AnnotationError
 */
export function parseIstioServices(
  annotation: string,
  value: string,
): NamedService[] {
  const entries = value
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '');
  if (entries.length === 0) {
    throw new AnnotationError(
      annotation,
      'is empty: write namespace/name of a Service, for example bookinfo/reviews',
    );
  }
  return entries.map(entry => {
    const [namespace, name, ...rest] = entry.split('/');
    if (
      name !== undefined &&
      rest.length === 0 &&
      DNS_LABEL.test(namespace) &&
      DNS_LABEL.test(name)
    ) {
      return { namespace, name };
    }
    if (name === undefined && namespace.includes('.') && HOST.test(namespace)) {
      return { host: namespace.toLowerCase() };
    }
    throw new AnnotationError(
      annotation,
      `'${entry}' is neither namespace/name of a Service nor the host of a ServiceEntry: write for example bookinfo/reviews`,
    );
  });
}

/** @throws AnnotationError when `value` cannot be the name of a namespace */
export function checkedNamespace(annotation: string, value: string): string {
  const namespace = value.trim();
  if (!DNS_LABEL.test(namespace)) {
    throw new AnnotationError(
      annotation,
      `'${value}' is not the name of a namespace: write lower-case letters, digits and -`,
    );
  }
  return namespace;
}

/** Values of labels: what the Kubernetes plugin would ask for. */
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** @throws AnnotationError when `value` cannot be the value of a label */
export function checkedLabelValue(annotation: string, value: string): string {
  const label = value.trim();
  if (!LABEL_VALUE.test(label)) {
    throw new AnnotationError(
      annotation,
      `'${value}' cannot be the value of a label: write the value of the label backstage.io/kubernetes-id of your Service and Deployment`,
    );
  }
  return label;
}
