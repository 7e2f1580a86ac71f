import type { ConnectorId, OrgId } from '@behalf/contract'
import type { Icon } from '../domain/icon.ts'
import type { ConnectorStore } from '../ports/connector-store.ts'
import { auditInsert } from './audit-store.ts'
import { preparedRead } from './compile-once.ts'
import { type Engine, statement } from './engine.ts'

/** Uploaded icons of connectors, apart from what calls read. */
export function createIconStore(engine: Engine): Pick<ConnectorStore, 'icon' | 'iconHashes' | 'setIcon'> {
  const { build } = engine
  const readHashes = preparedRead(engine, (orgId: OrgId) =>
    build.selectFrom('connector_icons').select(['connector_id', 'hash']).where('org_id', '=', orgId),
  )
  return {
    async icon(orgId, id) {
      const query = build
        .selectFrom('connector_icons')
        .selectAll()
        .where('org_id', '=', orgId)
        .where('connector_id', '=', id)
      const [row] = await engine.read(query)
      if (row === undefined) return undefined
      return {
        mediaType: row.media_type as Icon['mediaType'],
        bytes: row.bytes,
        hash: row.hash,
        updatedAt: row.updated_at,
      }
    },
    async iconHashes(orgId) {
      return new Map((await readHashes(orgId)).map(row => [row.connector_id as ConnectorId, row.hash]))
    },
    async setIcon(orgId, id, icon, audit) {
      const removed = build.deleteFrom('connector_icons').where('org_id', '=', orgId).where('connector_id', '=', id)
      const put =
        icon &&
        build.insertInto('connector_icons').values({
          org_id: orgId,
          connector_id: id,
          media_type: icon.mediaType,
          bytes: icon.bytes,
          hash: icon.hash,
          updated_at: icon.updatedAt,
        })
      await engine.write([statement(removed), ...(put === null ? [] : [statement(put)]), auditInsert(engine, audit)])
    },
  }
}
