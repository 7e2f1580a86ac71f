import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  Kbd,
  Menu,
  NavLink,
  Text,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useMatches, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useMe } from '../api/me.ts'
import { PEOPLE } from '../text/people.ts'
import { SHELL } from '../text/shell.ts'
import { Forbidden } from './edges.tsx'
import { Icon } from './icons.tsx'
import { Palette } from './palette.tsx'
import { PLACES, type Place } from './places.ts'
import { SessionEnd } from './session-end.tsx'

const GROUPS: readonly (readonly [Place['group'], string | undefined])[] = [
  ['home', undefined],
  ['build', SHELL.build],
  ['watch', SHELL.watch],
  ['run', SHELL.run],
]

// Within the header, which is a landmark; the focus goes to the first entry, not to a place before it.
const MENU = { position: 'bottom-end', withinPortal: false, withInitialFocusPlaceholder: false } as const

/** What stands round every page: navigation by what one may do, palette, theme, oneself. */
export function Frame() {
  const me = useMe()
  const [navigation, nav] = useDisclosure(false)
  const [palette, paletteState] = useDisclosure(false)
  const { toggleColorScheme } = useMantineColorScheme()
  const needs = useMatches({ select: matches => matches.at(-1)?.staticData.needs })
  const path = useRouterState({ select: state => state.location.pathname })
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    nav.close()
    main.current?.focus()
  }, [path, nav])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !navigation } }}
      padding={0}
    >
      <a className="skip" href="#main">
        {SHELL.skip}
      </a>
      <AppShell.Header px="md" bg="var(--studio-card)">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={navigation}
              onClick={nav.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={SHELL.openNavigation}
            />
            <Link to="/" className="brand">
              <span className="mark" aria-hidden="true">
                {[...me.organization.name][0]?.toUpperCase()}
              </span>
              <span>
                {me.organization.name}{' '}
                <Text span c="dimmed" inherit>
                  {SHELL.product}
                </Text>
              </span>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              leftSection={<Icon name="search" />}
              rightSection={<Kbd size="xs">{SHELL.palette.keys}</Kbd>}
              onClick={paletteState.open}
              visibleFrom="sm"
              className="palette-button"
            >
              {SHELL.palette.open}
            </Button>
            <ActionIcon
              variant="default"
              size="lg"
              hiddenFrom="sm"
              onClick={paletteState.open}
              aria-label={SHELL.palette.open}
            >
              <Icon name="search" />
            </ActionIcon>
            <ThemeMenu />
            <Who
              name={me.name ?? me.email ?? me.organization.name}
              email={me.email}
              roles={me.roles}
              csrf={me.csrf_token}
            />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" bg="var(--studio-card)" aria-label={SHELL.navigation} withBorder>
        {GROUPS.map(([group, title]) => {
          const places = PLACES.filter(place => place.group === group && place.needs.some(me.can))
          return places.length === 0 ? null : (
            <div key={group}>
              {title && (
                <Text size="xs" c="dimmed" px="sm" mt="md" mb={4}>
                  {title}
                </Text>
              )}
              {places.map(place => (
                <Entry key={place.to} place={place} path={path} />
              ))}
            </div>
          )
        })}
        <div className="navbar-end">
          <NavLink component="a" href="/connections" label={SHELL.ownConnections} />
          <NavLink component="a" href="/api/docs" label={SHELL.apiReference} />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main}>
        {needs === undefined || me.can(needs) ? <Outlet /> : <Forbidden />}
      </AppShell.Main>
      <Palette
        opened={palette}
        onOpen={paletteState.open}
        onClose={paletteState.close}
        onTheme={() => toggleColorScheme()}
      />
      <SessionEnd />
    </AppShell>
  )
}

function Entry({ place, path }: { readonly place: Place; readonly path: string }) {
  const section = `/${place.to.split('/')[1]}`
  const active = place.to === '/' ? path === '/' : path.startsWith(section)
  return (
    <NavLink
      component={Link}
      to={place.to}
      label={place.label}
      leftSection={<Icon name={place.icon} />}
      active={active}
      aria-current={active ? 'page' : undefined}
    />
  )
}

function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const entries = [
    ['light', SHELL.light],
    ['dark', SHELL.dark],
    ['auto', SHELL.system],
  ] as const
  return (
    <Menu {...MENU}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={SHELL.theme}>
          <Icon name="theme" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(([scheme, label]) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? '✓' : undefined}
            aria-current={colorScheme === scheme}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Who({
  name,
  email,
  roles,
  csrf,
}: {
  readonly name: string
  readonly email: string | null
  readonly roles: readonly string[]
  readonly csrf: string | null
}) {
  const form = useRef<HTMLFormElement>(null)
  return (
    <>
      <Menu {...MENU}>
        <Menu.Target>
          <Button variant="default" px="sm" aria-label={name}>
            {[...name][0]?.toUpperCase()}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" c="var(--mantine-color-text)">
              {name}
            </Text>
            {email !== null && email !== name && <Text size="xs">{email}</Text>}
            <Text size="xs">{roles.map(role => PEOPLE.roleNames[role] ?? role).join(', ')}</Text>
          </Menu.Label>
          <Menu.Item component="a" href="/connections">
            {SHELL.ownConnections}
          </Menu.Item>
          <Menu.Item onClick={() => form.current?.requestSubmit()}>{SHELL.signOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <form ref={form} method="post" action="/auth/logout" hidden>
        <input type="hidden" name="csrf" value={csrf ?? ''} />
      </form>
    </>
  )
}
