/** An icon, or the first letter where there is none. */
export function Initial({ name, icon }: { readonly name: string; readonly icon?: string | null | undefined }) {
  return (
    <span className="initial" aria-hidden="true">
      {icon ? <img src={icon} alt="" loading="lazy" /> : [...name][0]?.toUpperCase()}
    </span>
  )
}
