import type { OrgId } from '@behalf/contract'
import type { Icon } from '../domain/icon.ts'
import { type Engine, type Statement, statement } from './engine.ts'

/** Uploaded logos of organizations, apart from what every request reads. */
export function createLogoRows({ build, read }: Engine) {
  return {
    async read(orgId: OrgId): Promise<Icon | undefined> {
      const [row] = await read(build.selectFrom('organization_logos').selectAll().where('org_id', '=', orgId))
      if (row === undefined) return undefined
      const mediaType = row.media_type as Icon['mediaType']
      return { mediaType, bytes: row.bytes, hash: row.hash, updatedAt: row.updated_at }
    },
    /** Null removes it. */
    put(orgId: OrgId, logo: Icon | null): readonly Statement[] {
      const removed = statement(build.deleteFrom('organization_logos').where('org_id', '=', orgId))
      if (logo === null) return [removed]
      const { mediaType, bytes, hash, updatedAt } = logo
      const row = { org_id: orgId, media_type: mediaType, bytes, hash, updated_at: updatedAt }
      return [removed, statement(build.insertInto('organization_logos').values(row))]
    },
  }
}
