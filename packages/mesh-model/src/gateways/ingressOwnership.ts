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

import type { MeshConfig } from '../identity';
import type { SlimObjectByKind } from '../objects';

type Ingress = SlimObjectByKind['Ingress'];

/** The settings that decide which Ingresses Istio serves. */
export type IngressSettings = Pick<
  MeshConfig,
  | 'clusterDomain'
  | 'rootNamespace'
  | 'ingressClass'
  | 'ingressControllerMode'
  | 'ingressSelector'
  | 'ingressService'
>;

/** Looks up an IngressClass. */
export type IngressClassOf = (
  name: string,
) => SlimObjectByKind['IngressClass'] | undefined;

/** Does Istio serve an Ingress, and which field decides it? */
export interface IngressOwnership {
  owned: boolean;
  path: string;
  says: string;
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const ISTIO_CONTROLLER = 'istio.io/ingress-controller';

/**
 * Does Istio serve an Ingress? The annotation decides where there is one, else the controller of the IngressClass; an
 * Ingress without a class, or whose class does not exist, is served in mode DEFAULT only. R7.27
 */
export function ingressOwnership(
  ingress: Ingress,
  settings: IngressSettings,
  classOf: IngressClassOf,
): IngressOwnership {
  const { ingressControllerMode: mode, ingressClass } = settings;
  const annotation = ingress.metadata.annotations[CLASS_ANNOTATION];
  const { ingressClassName } = ingress.spec;
  if (mode === 'OFF') {
    return {
      owned: false,
      path: 'spec',
      says: 'Istio serves no Ingress: ingressControllerMode is OFF',
    };
  }
  if (annotation !== undefined) {
    return {
      owned: annotation === ingressClass,
      path: `metadata.annotations[${CLASS_ANNOTATION}]`,
      says:
        annotation === ingressClass
          ? `The class ${annotation} is Istio's`
          : `The class ${annotation} is not Istio's, which is ${ingressClass}`,
    };
  }
  const named =
    ingressClassName === undefined ? undefined : classOf(ingressClassName);
  if (named !== undefined) {
    const { controller } = named.spec;
    return {
      owned: controller === ISTIO_CONTROLLER,
      path: 'spec.ingressClassName',
      says:
        controller === ISTIO_CONTROLLER
          ? `IngressClass ${ingressClassName} is Istio's`
          : `IngressClass ${ingressClassName} belongs to ${controller}`,
    };
  }
  const missing =
    ingressClassName === undefined
      ? 'It names no class'
      : `There is no IngressClass ${ingressClassName}`;
  return {
    owned: mode === 'DEFAULT',
    path: ingressClassName === undefined ? 'spec' : 'spec.ingressClassName',
    says: `${missing}, and ingressControllerMode is ${mode}: ${
      mode === 'DEFAULT'
        ? 'Istio serves it'
        : 'Istio serves only those of its class'
    }`,
  };
}
