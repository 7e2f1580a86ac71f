type Bar = { readonly label: string; readonly value: number; readonly second: number }

const WIDTH = 720
const HEIGHT = 160
const FOOT = 22
const HEAD = 14

/** Bars over time, a second amount within each in another colour; the figures stand in each bar's title. */
export function Chart({
  label,
  bars,
  words: [first, second],
}: {
  readonly label: string
  readonly bars: readonly Bar[]
  readonly words: readonly [first: string, second: string]
}) {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const step = WIDTH / Math.max(1, bars.length)
  const tall = (value: number) => (value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - FOOT - HEAD)))
  const base = HEIGHT - FOOT
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <text x="0" y="10">
        {most.toLocaleString('en')}
      </text>
      <line className="axis" x1="0" x2={WIDTH} y1={base} y2={base} />
      {bars.map(({ label: day, value, second: part }, index) => (
        <g key={day}>
          <title>{`${day}: ${value} ${first.toLowerCase()}, ${part} ${second.toLowerCase()}`}</title>
          <rect className="hit" x={index * step} y="0" width={step} height={base} />
          <rect
            className="bar"
            x={index * step + 2}
            y={base - tall(value)}
            width={step - 4}
            height={tall(value)}
            rx="2"
          />
          <rect
            className="bar second"
            x={index * step + 2}
            y={base - tall(part)}
            width={step - 4}
            height={tall(part)}
            rx="2"
          />
          {(index === 0 || index === bars.length - 1 || index === Math.floor(bars.length / 2)) && (
            <text
              x={index === 0 ? 0 : index === bars.length - 1 ? WIDTH : index * step + step / 2}
              y={HEIGHT - 6}
              textAnchor={index === 0 ? 'start' : index === bars.length - 1 ? 'end' : 'middle'}
            >
              {day}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}
