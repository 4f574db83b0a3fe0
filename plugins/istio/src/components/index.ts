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

export { AgeLabel } from './AgeLabel';
export { CopyableText } from './CopyableText';
export { EmptyAnswer } from './EmptyAnswer';
export { CardBoundary, EntityViewCard } from './EntityViewCard';
export { FoldedViewCard } from './FoldedViewCard';
export { ConfidenceNotice } from './ConfidenceNotice';
export { EntityViewBody } from './EntityViewBody';
export { ErrorState } from './ErrorState';
export { ForbiddenState } from './ForbiddenState';
export { LoadingState } from './LoadingState';
export { Notice } from './Notice';
export { ObservedNotice, PartialFailure } from './PartialFailure';
export { ProvenancePopover, VerdictDisclosure } from './ProvenancePopover';
export { RefusalList, Refusals } from './Refusals';
export { ResolutionSteps } from './ResolutionState';
export { ServiceHeading } from './ServiceHeading';
export {
  SERVICE_MESH_TAB_PATH,
  ServiceMeshTabLink,
} from './ServiceMeshTabLink';
export { Sparkline } from './Sparkline';
export { Stack } from './Stack';
export { StaleBadge } from './StaleBadge';
export { VerdictChip } from './VerdictChip';
export { VerdictIcon } from './VerdictIcon';
export { VerdictLine } from './VerdictLine';
export { VisuallyHidden } from './VisuallyHidden';
export { WeightBar } from './WeightBar';
export { WindowSelect } from './WindowSelect';
export { CompactTable } from './CompactTable';
export type { CompactColumn } from './CompactTable';
export { FactGrid } from './FactGrid';
export { IgnoredObjects } from './IgnoredObjects';
export { PlainList } from './PlainList';
export { SettingTable } from './SettingTable';
export { Section } from './Section';
export { TRIAGE_TAB_PATH, TriageTabLink } from './TriageTabLink';
