import { type Connector, callbackPath } from '../domain/connector.ts'
import type { LiveCalls } from '../domain/live-calls.ts'
import type { Organization } from '../domain/organization.ts'
import { createUsageCounter } from '../domain/usage.ts'
import type { Ports } from '../ports/index.ts'
import { createApproveConnector } from './admin/approve-connector.ts'
import { createChangePerson } from './admin/change-person.ts'
import { createChangeSso } from './admin/change-sso.ts'
import { createConnectorIcon } from './admin/connector-icon.ts'
import { createConnectorVersions } from './admin/connector-versions.ts'
import { createCreateApiKey } from './admin/create-api-key.ts'
import { createCreateConnector } from './admin/create-connector.ts'
import { createCreateConnectorAsAsked } from './admin/create-connector-as-asked.ts'
import { createCreatePlugin } from './admin/create-plugin.ts'
import { createCreatePluginKey } from './admin/create-plugin-key.ts'
import { createImportRoster } from './admin/import-roster.ts'
import { createOrganizationLogo } from './admin/organization-logo.ts'
import { createPreviewConnector } from './admin/preview-connector.ts'
import { createReadAttention } from './admin/read-attention.ts'
import { createReadCatalogue } from './admin/read-catalogue.ts'
import { createReadThings } from './admin/read-things.ts'
import { createRetireConnector } from './admin/retire-connector.ts'
import { createRetirePlugin } from './admin/retire-plugin.ts'
import { createRevokeApiKey } from './admin/revoke-api-key.ts'
import { createRevokePluginKey } from './admin/revoke-plugin-key.ts'
import { createUpdateConnector } from './admin/update-connector.ts'
import { createUpdateOrganization } from './admin/update-organization.ts'
import { createUpdatePlugin } from './admin/update-plugin.ts'
import { createReadAudit } from './audit/read-audit.ts'
import { createSealAudit } from './audit/seal-audit.ts'
import { createVerifyAudit } from './audit/verify-audit.ts'
import { createCheckConnector } from './check/check-connector.ts'
import { createWatchHealth } from './check/watch-health.ts'
import { createAnswerParkedGrant } from './connect/answer-parked-grant.ts'
import { createBeginConnect } from './connect/begin-connect.ts'
import { createCompleteConnect } from './connect/complete-connect.ts'
import { createCreateConnectLink } from './connect/create-connect-link.ts'
import { createDescribeConnect } from './connect/describe-connect.ts'
import { createDescribeMany } from './connect/describe-many.ts'
import { createExchangeJournal } from './connect/journal-exchange.ts'
import { createListCards } from './connect/list-cards.ts'
import { createOpenConnectLink } from './connect/open-connect-link.ts'
import { createReadConnectResult } from './connect/read-connect-result.ts'
import { createReadHistory } from './connect/read-history.ts'
import { createChangeDebugWindow } from './debug-window/change-debug-window.ts'
import { createReadDebugWindows } from './debug-window/read-debug-windows.ts'
import { createExpire } from './expire/expire.ts'
import { createCallAsSelf } from './gateway/call-as-self.ts'
import { createCallProvider } from './gateway/call-provider.ts'
import { createAnswerAgreement } from './launch/answer-agreement.ts'
import { createLaunchPlugin } from './launch/launch-plugin.ts'
import { createPreviewLaunch } from './launch/preview-launch.ts'
import { createPublishPlugin } from './launch/publish-plugin.ts'
import { createReadLaunches } from './launch/read-launches.ts'
import { createUnlaunchPlugin } from './launch/unlaunch-plugin.ts'
import { createReadCallLogs } from './log/read-call-logs.ts'
import { createAuthenticateApiKey } from './login/authenticate-key.ts'
import { createAuthenticateSession } from './login/authenticate-session.ts'
import { createBeginSignIn } from './login/begin-sign-in.ts'
import { createClaimAdmin } from './login/claim-admin.ts'
import { createCompleteSignIn } from './login/complete-sign-in.ts'
import { createCheckCsrfToken, createCsrfToken } from './login/csrf-token.ts'
import { createEndOtherSessions, createListOwnSessions } from './login/end-other-sessions.ts'
import { createSignOut } from './login/sign-out.ts'
import { createAuthenticatePlugin } from './plugin/authenticate-plugin.ts'
import { createRunAction } from './plugin/run-action.ts'
import { createFindOrganization } from './request/find-organization.ts'
import { createKeepAnswer } from './request/keep-answer.ts'
import { createLeases } from './request/leases.ts'
import { createNoteRefusal } from './request/note-refusal.ts'
import { createUnderWay } from './request/under-way.ts'
import { watchWrites } from './request/watch-writes.ts'
import { createAttemptRevocations } from './revoke/attempt-revocations.ts'
import { createCutStaleCalls } from './revoke/cut-stale-calls.ts'
import { createDescribeDisconnect } from './revoke/describe-disconnect.ts'
import { createDisconnect } from './revoke/disconnect.ts'
import { createDismissOutcome } from './revoke/dismiss-outcome.ts'
import { createExchangeToken } from './token/exchange-token.ts'
import { createFreshToken } from './token/fresh-token.ts'
import { createKeepAlive } from './token/keep-alive.ts'
import { createReconcileJournal } from './token/reconcile-journal.ts'
import { createReadUsage } from './usage/read-usage.ts'
import { createWriteUsage } from './usage/write-usage.ts'
import { createChangeWebhook } from './webhook/change-webhook.ts'
import { createDeliverMessages } from './webhook/deliver-messages.ts'
import { createQueueMessages } from './webhook/queue-messages.ts'

export type FlowPorts = Ports & { readonly liveCalls: LiveCalls }
export type Flows = ReturnType<typeof createFlows>

/** Every verb of the broker, each made of the ports it names. */
export function createFlows(given: FlowPorts) {
  const leases = createLeases(given)
  const uses = createUsageCounter()
  const underWay = createUnderWay()
  const ports = { ...watchWrites(given, leases), leases, underWay, uses }
  const exchanges = createExchangeJournal(ports)
  const reconcileJournal = createReconcileJournal(ports)
  const calls = createCallProvider(ports)
  const disconnect = createDisconnect(ports)
  const freshToken = createFreshToken(ports)
  return {
    ...createReadCatalogue(ports),
    ...createReadAudit(ports),
    readAttention: createReadAttention(ports),
    ...createReadThings(ports),
    ...createOrganizationLogo(ports),
    ...createAnswerParkedGrant(ports),
    ...createChangePerson(ports),
    ...createChangeSso(ports),
    ...createConnectorIcon(ports),
    ...createConnectorVersions(ports),
    ...createPreviewConnector(ports),
    ...createReadCallLogs(ports),
    ...createReadUsage(ports),
    ...createAnswerAgreement(ports),
    ...createPreviewLaunch(ports),
    ...createReadLaunches(ports),
    ...createUnlaunchPlugin(ports),
    ...createReadDebugWindows(ports),
    ...createChangeWebhook(ports),
    ...createDeliverMessages(ports),
    ...createChangeDebugWindow(ports),
    approveConnector: createApproveConnector(ports),
    attemptRevocations: createAttemptRevocations(ports),
    authenticateApiKey: createAuthenticateApiKey(ports),
    authenticatePlugin: createAuthenticatePlugin(ports),
    authenticateSession: createAuthenticateSession(ports),
    beginConnect: createBeginConnect(ports),
    beginSignIn: createBeginSignIn(ports),
    callProvider: calls.callProvider,
    callAsSelf: createCallAsSelf(ports),
    checkConnector: createCheckConnector({ ...ports, freshToken }),
    checkCsrfToken: createCheckCsrfToken(ports),
    claimAdmin: createClaimAdmin(ports),
    completeConnect: createCompleteConnect({ ...ports, exchanges }),
    completeSignIn: createCompleteSignIn(ports),
    createApiKey: createCreateApiKey(ports),
    createConnectLink: createCreateConnectLink(ports),
    createConnectorAsAsked: createCreateConnectorAsAsked({ ...ports, createConnector: createCreateConnector(ports) }),
    createPlugin: createCreatePlugin(ports),
    createPluginKey: createCreatePluginKey(ports),
    csrfToken: createCsrfToken(ports),
    cutStaleCalls: createCutStaleCalls(ports),
    describeConnect: createDescribeConnect(ports),
    describeMany: createDescribeMany(ports),
    describeDisconnect: createDescribeDisconnect(ports),
    dismissOutcome: createDismissOutcome(ports),
    disconnect,
    endOtherSessions: createEndOtherSessions(ports),
    exchangeToken: createExchangeToken(ports),
    expire: createExpire(ports),
    findOrganization: createFindOrganization(ports),
    freshToken,
    importRoster: createImportRoster(ports),
    keepAlive: createKeepAlive(ports),
    keepAnswer: createKeepAnswer(ports),
    launchPlugin: createLaunchPlugin(ports),
    listCards: createListCards(ports),
    listOwnSessions: createListOwnSessions(ports),
    noteRefusal: createNoteRefusal(ports),
    openConnectLink: createOpenConnectLink(ports),
    publishPlugin: createPublishPlugin(ports),
    readConnectResult: createReadConnectResult(ports),
    readHistory: createReadHistory(ports),
    reconcileJournal: async () => (await reconcileJournal()) + (await exchanges.settleLeft()),
    retireConnector: createRetireConnector({ ...ports, disconnect }),
    retirePlugin: createRetirePlugin(ports),
    revokeApiKey: createRevokeApiKey(ports),
    revokePluginKey: createRevokePluginKey(ports),
    ...createRunAction({ ...ports, ...calls }),
    sealAudit: createSealAudit(ports),
    spendingEnded: underWay.ended,
    sweepLeases: leases.sweep,
    signOut: createSignOut(ports),
    updateConnector: createUpdateConnector(ports),
    updateOrganization: createUpdateOrganization(ports),
    updatePlugin: createUpdatePlugin(ports),
    queueMessages: createQueueMessages(ports),
    watchHealth: createWatchHealth({ ...ports, freshToken }),
    writeUsage: createWriteUsage(ports, uses),
    verifyAudit: createVerifyAudit(ports),

    now: () => ports.clock.now(),
    newNonce: () => ports.entropy.randomToken(18),
    newRequestId: () => ports.entropy.newId<string>('req'),
    urlOf: ({ slug }: Organization) => ports.urls.ofOrganization(slug),
    callbackUrlOf: ({ slug }: Organization, { definition }: Connector) =>
      ports.urls.ofOrganization(slug) + callbackPath(definition),
    isSecure: () => ports.urls.secure,
  }
}
