import { Drawer, type MantineSize, Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { PARTS } from '../text/parts.ts'

type Props = {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly size?: MantineSize
  /** The title is there for those who hear it, not for those who see. */
  readonly titleUnseen?: boolean
  /** One has to choose: it does not close by itself. */
  readonly held?: boolean
}

// A header within a dialog is no banner of the page, whatever its element says by itself.
const NO_BANNER = { role: 'presentation' } as const

/** Gives the focus back to what opened a dialog, where nothing else has taken it: what opens by being there is never seen to close. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus()
    },
    [before],
  )
}

/** At once: the dialog's own focus comes a moment later, and what is typed meanwhile would be lost. */
function focusWithin(body: HTMLElement | null): void {
  body?.querySelector<HTMLElement>('[data-autofocus]')?.focus({ preventScroll: true })
}

/** Something that has to be answered before one goes on. */
export function Dialog({ title, onClose, children, size = 'md', titleUnseen = false, held = false }: Props) {
  useFocusBack()
  return (
    <Modal.Root opened onClose={onClose} size={size} closeOnEscape={!held} closeOnClickOutside={!held} yOffset="6vh">
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header {...NO_BANNER} {...(titleUnseen ? { className: 'unseen' } : {})}>
          <Modal.Title>{title}</Modal.Title>
          {!held && !titleUnseen && <Modal.CloseButton aria-label={PARTS.close} />}
        </Modal.Header>
        <Modal.Body ref={focusWithin} {...(titleUnseen ? { pt: 'md' } : {})}>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Details of one row, beside the list they belong to. */
export function SidePanel({ title, onClose, children }: Pick<Props, 'title' | 'onClose' | 'children'>) {
  useFocusBack()
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg">
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Header {...NO_BANNER}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={PARTS.close} />
        </Drawer.Header>
        <Drawer.Body ref={focusWithin}>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
