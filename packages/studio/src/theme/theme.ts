import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

// The accent and state colours of the pages that everybody sees (packages/server/src/http/pages/pages.css), spread over ten shades.
const accent: MantineColorsTuple = [
  '#eaf2ff',
  '#d3e4fe',
  '#a6c8fb',
  '#8cbcff',
  '#6aa9ff',
  '#3d86ea',
  '#1f6fe0',
  '#0b5fd6',
  '#0952ba',
  '#06408f',
]
const good: MantineColorsTuple = [
  '#e9f7ef',
  '#d0eedd',
  '#a3dcbd',
  '#7fd3a5',
  '#5fd39a',
  '#37a873',
  '#238a5b',
  '#18794e',
  '#10261b',
  '#0c1d15',
]
const warn: MantineColorsTuple = [
  '#fff4e0',
  '#ffe7bf',
  '#fcd493',
  '#f6c374',
  '#f0b35b',
  '#c07a1e',
  '#a05d08',
  '#8a4b00',
  '#2b2010',
  '#21180b',
]

const red: MantineColorsTuple = [
  '#fdecea',
  '#fbd3cf',
  '#f5aaa3',
  '#ff9d94',
  '#ff8a80',
  '#e0584c',
  '#c9382b',
  '#b42318',
  '#3a1518',
  '#31161a',
]

const dark: MantineColorsTuple = [
  '#e8ebee',
  '#a3adb8',
  '#7d8791',
  '#565f69',
  '#3a424b',
  '#272d34',
  '#10141a',
  '#171b21',
  '#0f1216',
  '#0a0d10',
]

/** What notes of each colour stand on. */
const GROUNDS: Readonly<Record<string, string>> = {
  accent: 'var(--studio-accent-ground)',
  good: 'var(--studio-good-ground)',
  warn: 'var(--studio-warn-ground)',
  red: 'var(--studio-bad-ground)',
}

/** What stands on a filled ground is dark on the light shades of the dark theme, and white on the dark ones of the light theme. */
const variantColorResolver: VariantColorsResolver = input => {
  const colours = defaultVariantColorsResolver(input)
  const ground = GROUNDS[String(input.color)]
  if (input.variant === 'filled') return { ...colours, color: 'var(--studio-on-filled)' }
  if (input.variant === 'light' && ground !== undefined) return { ...colours, background: ground }
  if (input.variant === 'outline' && input.color === 'red')
    return { ...colours, color: 'var(--studio-bad)', border: '1px solid var(--studio-bad)' }
  return colours
}

export const theme = createTheme({
  variantColorResolver,
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  colors: { accent, good, warn, red, dark },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.6rem', lineHeight: '1.25' }, h2: { fontSize: '1.1rem' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
})

export const colours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f6f7f8',
    '--mantine-color-text': '#1b1f24',
    '--mantine-color-dimmed': '#59636e',
    '--mantine-color-placeholder': '#59636e',
    '--mantine-color-default': '#ffffff',
    '--mantine-color-default-border': '#d9dee3',
    '--mantine-color-default-hover': '#eef1f4',
    '--mantine-color-anchor': '#0b5fd6',
    '--mantine-color-error': '#b42318',
    '--studio-card': '#ffffff',
    '--studio-edge': '#8b95a1',
    '--studio-on-filled': '#ffffff',
    '--studio-accent-ground': '#eaf2ff',
    '--studio-good': '#18794e',
    '--studio-good-ground': '#e9f7ef',
    '--studio-warn': '#8a4b00',
    '--studio-warn-ground': '#fff4e0',
    '--studio-bad': '#b42318',
    '--studio-bad-ground': '#fdecea',
  },
  dark: {
    '--mantine-color-body': '#0f1216',
    '--mantine-color-text': '#e8ebee',
    '--mantine-color-dimmed': '#a3adb8',
    '--mantine-color-placeholder': '#a3adb8',
    '--mantine-color-default': '#171b21',
    '--mantine-color-default-border': '#30363d',
    '--mantine-color-default-hover': '#20262d',
    '--mantine-color-anchor': '#6aa9ff',
    '--mantine-color-error': '#ff8a80',
    '--studio-card': '#171b21',
    '--studio-edge': '#6b7683',
    '--studio-on-filled': '#06152b',
    '--studio-accent-ground': '#12233d',
    '--studio-good': '#5fd39a',
    '--studio-good-ground': '#10261b',
    '--studio-warn': '#f0b35b',
    '--studio-warn-ground': '#2b2010',
    '--studio-bad': '#ff8a80',
    '--studio-bad-ground': '#31161a',
  },
})
