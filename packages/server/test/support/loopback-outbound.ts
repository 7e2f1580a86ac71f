import { parseOutboundAllow } from '../../src/domain/outbound-allow.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'

/** The real way out, let through to this machine: oauth/ is tested with what it runs with. */
export const loopbackOutbound = () => createOutbound({ allow: parseOutboundAllow('127.0.0.0/8 [::1]/128') })
