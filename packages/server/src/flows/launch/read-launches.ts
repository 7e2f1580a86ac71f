import type { PluginId } from '@behalf/contract'
import type { Launch } from '../../domain/launch.ts'
import type { PluginVersion } from '../../domain/plugin.ts'
import { whyStrict as judge, type WhyStrict } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { readPluginByName } from '../admin/read-plugin.ts'

/** What REST reads of versions and launches. */
export function createReadLaunches(ports: Pick<Ports, 'launches' | 'plugins'>) {
  return { listPluginVersions, listLaunches, whyStrict }

  async function listPluginVersions(
    context: RequestContext,
    name: string,
    page: PageRequest,
  ): Promise<Page<PluginVersion>> {
    const { orgId, id } = await readPluginByName(ports, context, name)
    return ports.plugins.listVersions(orgId, id, page)
  }

  async function listLaunches(
    context: RequestContext,
    name: string,
    page: PageRequest,
  ): Promise<{ readonly page: Page<Launch>; readonly why: WhyStrict | undefined }> {
    const { orgId, id } = await readPluginByName(ports, context, name)
    return { page: await ports.launches.list(orgId, id, page), why: await whyStrict(context, id) }
  }

  /** Why a plugin's live launches are strict, if they are. */
  async function whyStrict(
    { organization }: Pick<RequestContext, 'organization'>,
    id: PluginId,
  ): Promise<WhyStrict | undefined> {
    return judge((await ports.launches.live(organization.id, id)).launches, organization.strictAbove)
  }
}
