package links

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is how many modules stay empty around a code (ISO/IEC 18004), module how
// many points one has in a picture.
const (
	quiet  = 4
	module = 12
)

// Code is an address for cameras: a QR code with a quarter of it to spare.
type Code struct{ modules barcode.Barcode }

// NewCode returns the code of an address; an error where it is too long for any.
func NewCode(address string) (Code, error) {
	m, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("make a code: %w", err)
	}
	return Code{m}, nil
}

// Size returns how many modules the code has in a row, without its quiet zone.
func (c Code) Size() int { return c.modules.Bounds().Dx() }

func (c Code) isDark(x, y int) bool {
	r, _, _, _ := c.modules.At(x, y).RGBA()
	return r == 0
}

// SVG returns the code as a drawing.
func (c Code) SVG() []byte {
	side := c.Size() + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side, side, side)
	for y := range c.Size() {
		for x := 0; x < c.Size(); x++ {
			run := 0
			for x+run < c.Size() && c.isDark(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return []byte(b.String())
}

// PNG returns the code as a picture of two colours.
func (c Code) PNG() ([]byte, error) {
	side := (c.Size() + 2*quiet) * module
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			mx, my := x/module-quiet, y/module-quiet
			if mx >= 0 && my >= 0 && mx < c.Size() && my < c.Size() && c.isDark(mx, my) {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	return b.Bytes(), nil
}
