import { crc32, deflateSync, inflateSync } from 'node:zlib'

// https://www.w3.org/TR/png-3/: a signature, then chunks of length, name, data and checksum.
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

function readChunks(png: Buffer): { readonly header: Buffer; readonly data: Buffer } {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('Cannot read the picture: it is no PNG file')
  const parts: Buffer[] = []
  let header: Buffer = Buffer.alloc(0)
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const name = png.toString('latin1', at + 4, at + 8)
    const data = png.subarray(at + 8, at + 8 + length)
    if (name === 'IHDR') header = data
    if (name === 'IDAT') parts.push(data)
    at += length + 12
  }
  return { header, data: inflateSync(Buffer.concat(parts)) }
}

/** The predictor of PNG filter 4: whichever of left, above and corner is nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

/** Undoes the filters of every line: pixels of three bytes, line after line. */
function pixelsOf(data: Buffer, width: number, height: number): Buffer {
  const stride = width * 3
  const pixels = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)]
    const from = y * (stride + 1) + 1
    const to = y * stride
    for (let x = 0; x < stride; x += 1) {
      const left = x >= 3 ? (pixels[to + x - 3] ?? 0) : 0
      const above = y > 0 ? (pixels[to + x - stride] ?? 0) : 0
      const corner = x >= 3 && y > 0 ? (pixels[to + x - stride - 3] ?? 0) : 0
      const predicted =
        filter === 0
          ? 0
          : filter === 1
            ? left
            : filter === 2
              ? above
              : filter === 3
                ? (left + above) >> 1
                : paeth(left, above, corner)
      pixels[to + x] = (data[from + x] ?? 0) + predicted
    }
  }
  return pixels
}

/** Colours of a palette are at least so far apart, of 255: shades of a frequent colour do not crowd out a rare one. */
const nearest = 12

/**
 * The picture with its most frequent colours only, at most 256; every other becomes the nearest of them. Flat pictures
 * of text shrink to a third and look the same.
 * @throws {Error} for anything but a PNG file of 8-bit RGB without interlacing, which is what Chromium writes.
 */
export function withFewColours(png: Buffer, most: number): Buffer {
  const { header, data } = readChunks(png)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  if (header[8] !== 8 || header[9] !== 2 || header[12] !== 0)
    throw new Error('Cannot reduce the picture: it is not 8-bit RGB without interlacing')
  const pixels = pixelsOf(data, width, height)
  const count = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3)
    count.set(colour, (count.get(colour) ?? 0) + 1)
  }
  const distance = (a: number, b: number) =>
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2
  const palette: number[] = []
  for (const [colour] of [...count].sort(([a, often], [b, seldom]) => seldom - often || a - b)) {
    if (palette.length < most && palette.every((other) => distance(other, colour) >= nearest ** 2)) palette.push(colour)
  }
  const index = new Map<number, number>()
  for (const colour of count.keys()) {
    let best = 0
    for (let at = 1; at < palette.length; at += 1)
      if (distance(palette[at] ?? 0, colour) < distance(palette[best] ?? 0, colour)) best = at
    index.set(colour, best)
  }
  const lines = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < pixels.length; at += 3) {
    const pixel = at / 3
    lines[pixel + Math.floor(pixel / width) + 1] = index.get(pixels.readUIntBE(at, 3)) ?? 0
  }
  const colours = Buffer.alloc(palette.length * 3)
  for (const [at, colour] of palette.entries()) colours.writeUIntBE(colour, at * 3, 3)
  const newHeader = Buffer.from(header)
  newHeader[9] = 3
  return Buffer.concat([
    signature,
    chunk('IHDR', newHeader),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
