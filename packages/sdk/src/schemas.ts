export type { FormSchema } from './form-schema.ts'
export { SCHEMAS } from './generated/schemas.ts'
