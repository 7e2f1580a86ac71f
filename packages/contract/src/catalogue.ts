import { z } from 'zod'
import { category, endpointUrl, line, name, pageQuery } from './wire.ts'

/**
 * How far a block of a preset can be trusted: `verified`, the provider's own page or discovery document was read; `reported`, at least two
 * independent public code bases agree; `unchecked`, it stands in one, or should be on the page that is named.
 */
export const grade = z.enum(['verified', 'reported', 'unchecked'])
export type Grade = z.infer<typeof grade>

/** The parts of a preset, each graded by itself, in the order in which they are shown. */
export const PRESET_BLOCKS = [
  'authorization',
  'token',
  'refresh',
  'scopes',
  'account',
  'revocation',
  'gateway',
  'health',
] as const
export type PresetBlock = (typeof PRESET_BLOCKS)[number]
const blockName = z.enum(PRESET_BLOCKS)

/** Where a block's facts stand: a page, a file of a public repository, or a file of a published package (package URL, `pkg:npm/name@1.0.0#file`). */
const source = z.strictObject({
  at: z.string().regex(/^(https:\/\/[^\s]{4,500}|pkg:npm\/[^\s]{3,300})$/, 'an https URL or a package URL'),
  /** The day the provider's own page was read; for verified blocks alone. */
  read_on: z.iso.date().optional(),
})

const block = z.strictObject({
  grade,
  sources: z.array(source).min(1).max(10),
  /** What a developer should know before relying on it. */
  note: line(500).optional(),
  /** The fields of a connector definition that this block fills in. */
  set: z.record(z.string(), z.unknown()),
})

/** An icon as path data on a 24 × 24 grid, drawn in one colour. Without one, a tile with the first letter is shown. */
const icon = z.strictObject({
  path: z.string().regex(/^[MmLlHhVvCcSsQqTtAaZz0-9 ,.eE+-]{1,30000}$/, 'SVG path data'),
  colour: z.string().regex(/^[0-9A-Fa-f]{6}$/),
  source: z.string().regex(/^pkg:npm\/[^\s]{3,300}$/, 'a package URL'),
})

/** One provider as its data file tells it. */
export const preset = z.strictObject({
  name,
  display_name: line(100),
  display_description: line(500).optional(),
  documentation_url: endpointUrl().optional(),
  /** What kind of system it is. */
  categories: z.array(category).max(5).default([]),
  icon: icon.optional(),
  /** What differs between organizations or people, as in a connector definition. */
  variables: z.record(z.string(), z.unknown()).default({}),
  /** Sets of their values, such as one a region; the organization chooses one. */
  environments: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  blocks: z.partialRecord(blockName, block),
})
export type Preset = z.infer<typeof preset>

export const catalogueQuery = pageQuery.extend({
  /** Part of a name or display name. */
  search: z.string().max(100).optional(),
  category: category.optional(),
})

const summaryFields = {
  name,
  display_name: z.string(),
  display_description: z.string().nullable(),
  documentation_url: z.string().nullable(),
  categories: z.array(z.string()),
  icon_url: z.string(),
  /** Whether every block is there and none is unchecked. */
  complete: z.boolean(),
  grades: z.partialRecord(blockName, grade),
}

/** A provider in the list. */
export const presetSummary = z.object(summaryFields).meta({ id: 'PresetSummary' })

/** A provider whole: what its preset fills in, where each block comes from, and what is left to fill in. */
export const presetView = z
  .object({
    ...summaryFields,
    blocks: z.partialRecord(blockName, block.omit({ set: true })),
    /** JSON pointers (RFC 6901) into a connector definition. */
    to_fill_in: z.array(
      z.object({
        pointer: z.string(),
        label: z.string(),
        help: z.string().nullable(),
        example: z.string().nullable(),
        choices: z.array(z.string()).nullable(),
        secret: z.boolean(),
      }),
    ),
    /** What the preset chooses and an organization may have otherwise: a region, a tenant, a host of its own. */
    chosen: z.array(
      z.object({
        pointer: z.string(),
        label: z.string(),
        help: z.string().nullable(),
        /** What counts unless it is set. */
        value: z.string(),
        choices: z.array(z.string()).nullable(),
      }),
    ),
    /** The connector definition without what is left to fill in. */
    definition: z.record(z.string(), z.json()),
  })
  .meta({ id: 'Preset' })

/** A connector made of a preset: the rest is a merge patch (RFC 7396) over its definition. */
export const connectorFromPreset = z
  .looseObject({
    preset: name,
    /** By default the preset's. */
    name: name.optional(),
  })
  .meta({ id: 'ConnectorFromPreset' })
