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

import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import Button from '@material-ui/core/Button';
import Popover from '@material-ui/core/Popover';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Provenance,
  Verdict,
} from '@mesh-portal/backstage-plugin-istio-common';
import { VERDICT_WORDS } from '../format';
import { ProvenanceFacts } from './ProvenanceFacts';
import { VerdictChip } from './VerdictChip';

const useStyles = makeStyles(theme => ({
  focus: {
    '&.Mui-focusVisible': {
      outline: `2px solid ${theme.palette.text.primary}`,
    },
  },
  why: {
    minWidth: 0,
    padding: theme.spacing(0, 0.75),
    textTransform: 'none',
    textAlign: 'left',
    textDecoration: 'underline dotted',
    fontWeight: 'normal',
    lineHeight: 1.6,
    verticalAlign: 'baseline',
    flexShrink: 0,
  },
  chip: {
    minWidth: 0,
    padding: 0,
    textTransform: 'none',
    fontWeight: 'normal',
    borderRadius: 16,
  },
  paper: {
    padding: theme.spacing(2),
    maxWidth: `min(440px, calc(100vw - ${theme.spacing(4)}px))`,
  },
}));

/** A button that opens a small dialog below itself. */
function Disclosure(props: {
  subject: string;
  label: string;
  className?: string;
  button: ReactNode;
  children: ReactNode;
}) {
  const { subject, label, className, button, children } = props;
  const classes = useStyles();
  const headingId = useId();
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <Button
        size="small"
        className={`${classes.focus} ${className ?? ''}`}
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        aria-label={label}
        onClick={event => setAnchor(event.currentTarget)}
      >
        {button}
      </Button>
      <Popover
        open={anchor !== undefined}
        anchorEl={anchor}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        PaperProps={{
          className: classes.paper,
          role: 'dialog',
          'aria-labelledby': headingId,
        }}
      >
        <Typography id={headingId} variant="subtitle2" component="h4">
          {subject}
        </Typography>
        <Typography variant="body2" component="div">
          {children}
        </Typography>
      </Popover>
    </>
  );
}

/**
 * "Why?": the objects and fields that decided an answer, one click away. Shows nothing where no object decided.
 *
 * @param props.subject - what is explained, in words, for the heading and for screen readers
 * @param props.ask - the words of the button, where “Why?” is not the question
 * @param props.children - what to do about it
 */
export function ProvenancePopover(props: {
  subject: string;
  facts: Provenance[];
  ask?: string;
  children?: ReactNode;
}) {
  const { subject, facts, ask = 'Why?', children } = props;
  const classes = useStyles();
  if (facts.length === 0) {
    return <></>;
  }
  return (
    <Disclosure
      subject={subject}
      label={`${ask} ${subject}`}
      className={classes.why}
      button={ask}
    >
      <ProvenanceFacts facts={facts} />
      {children}
    </Disclosure>
  );
}

/**
 * A verdict as a chip that opens its reason and what decided it.
 *
 * @param props.title - what the verdict is about
 */
export function VerdictDisclosure(props: { title: string; verdict: Verdict }) {
  const { title, verdict } = props;
  const classes = useStyles();
  const label = `${title}: ${VERDICT_WORDS[verdict.state]}`;
  return (
    <Disclosure
      subject={title}
      label={label}
      className={classes.chip}
      button={<VerdictChip state={verdict.state} label={label} />}
    >
      {verdict.reason}
      <ProvenanceFacts facts={verdict.facts} />
    </Disclosure>
  );
}
