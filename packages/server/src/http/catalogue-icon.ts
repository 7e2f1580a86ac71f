import type { Preset } from '@behalf/contract'

/** A provider's icon as SVG made here of path data alone, or a tile with its first letter. SECURITY: nothing of a file reaches the SVG but what the schema let through. */
export function iconOf({ icon, display_name }: Pick<Preset, 'icon' | 'display_name'>): string {
  const head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="48" height="48">'
  if (icon !== undefined) return `${head}<path fill="#${icon.colour}" d="${icon.path}"/></svg>`
  const letter = /[\p{Letter}\p{Number}]/u.exec(display_name)?.[0]?.toUpperCase() ?? '?'
  const hue = [...display_name].reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 360, 7)
  return `${head}<rect width="24" height="24" rx="5" fill="hsl(${hue} 45% 38%)"/><text x="12" y="16.5" text-anchor="middle" font-family="system-ui, sans-serif" font-size="13" font-weight="600" fill="#fff">${letter}</text></svg>`
}
