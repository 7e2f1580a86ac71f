import { Anchor, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Initial } from './initial.tsx'

/** The first cell of a row: its icon, its name as the way to its page, and a smaller second line. */
export function Named({
  to,
  name,
  second,
  icon,
}: {
  readonly to: string
  readonly name: string
  readonly second?: string | null | undefined
  readonly icon?: string | undefined
}) {
  return (
    <Group gap="sm" wrap="nowrap">
      <Initial name={name} icon={icon} />
      <div className="cell-text">
        <Anchor component={Link} to={to} className="one-line" fw={600} c="var(--mantine-color-text)">
          {name}
        </Anchor>
        {second && second !== name && <small className="dim one-line">{second}</small>}
      </div>
    </Group>
  )
}
