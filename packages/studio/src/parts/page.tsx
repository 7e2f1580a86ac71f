import { Anchor, Breadcrumbs, Group, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { PARTS } from '../text/parts.ts'

type Crumb = { readonly label: string; readonly to: string }

/** A page of the studio: where one is, its title, what it is for, and the one thing to do. */
export function Page({
  title,
  lead,
  crumbs = [],
  aside,
  actions,
  children,
  wide = false,
}: {
  readonly title: string
  readonly lead?: ReactNode
  readonly crumbs?: readonly Crumb[]
  readonly aside?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly wide?: boolean
}) {
  useEffect(() => {
    document.title = `${title} · Studio`
  }, [title])
  return (
    <div className={wide ? 'page wide' : 'page'}>
      {crumbs.length > 0 && (
        <Breadcrumbs mb={6} separator="›" aria-label={PARTS.breadcrumb} component="nav">
          {crumbs.map(({ label, to }) => (
            <Anchor key={to} component={Link} to={to} size="sm">
              {label}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" mb="xs" gap="md">
        <Group gap="sm" align="center">
          <Title order={1}>{title}</Title>
          {aside}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {lead && (
        <Text c="dimmed" maw="70ch" mb="lg">
          {lead}
        </Text>
      )}
      {children}
    </div>
  )
}
