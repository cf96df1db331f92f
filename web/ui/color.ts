/** `#rrggbb` of any CSS colour the browser understands, or undefined. */
export function toHex(color: unknown): string | undefined {
  if (typeof color !== 'string' || !CSS.supports('color', color)) return
  const pen = Document.prototype.createElement.call(document, 'canvas') as HTMLCanvasElement
  const context = pen.getContext('2d')
  if (!context) return
  context.fillStyle = color
  return /^#[\da-f]{6}$/.exec(context.fillStyle)?.[0]
}

/** WCAG relative luminance of `#rrggbb`, 0 to 1. */
export function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Black or white, whichever reads better on the colour; never below 4.5:1. */
export const readableOn = (hex: string): '#000' | '#fff' => (luminance(hex) > 0.179 ? '#000' : '#fff')
