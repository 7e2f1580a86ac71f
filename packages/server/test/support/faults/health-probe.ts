import { Agent, get } from 'node:http'

// A process of its own asks for health again and again, so that no caller's own work counts. It says when it has some answers, and, told to end, how long each took.
const [, , url = ''] = process.argv
const agent = new Agent({ keepAlive: true })
const waits: number[] = []
const SOME = 20
let isOver = false
process.once('message', () => {
  isOver = true
})

const asked = () =>
  new Promise<void>((resolve, reject) => {
    get(`${url}/health`, { agent }, answer => {
      if (answer.statusCode !== 200) reject(new Error(`health is ${answer.statusCode}`))
      answer.resume().once('end', resolve)
    }).once('error', reject)
  })

while (!isOver) {
  const begun = performance.now()
  await asked()
  waits.push(performance.now() - begun)
  if (waits.length === SOME) process.send?.('some')
  // One that asks without pause takes a core, which is not what it is to measure.
  await new Promise(resolve => setTimeout(resolve, 5))
}
process.send?.(waits, () => process.disconnect())
