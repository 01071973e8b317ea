package line

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"keypull/web/messengers"
)

// A menu is a grid of cells, three at most in a row, within what LINE takes: 800
// to 2,500 wide, and no taller than two thirds of that.
const (
	cellWidth  = 800
	cellHeight = 400
	maxCells   = 10
	maxColumns = 3
	margin     = 40
)

// grid returns how many columns and rows so many cells stand in.
func grid(cells int) (columns, rows int) {
	const square = 4
	columns = min(cells, maxColumns)
	if cells == square {
		columns = 2
	}
	return columns, (cells + columns - 1) / columns
}

// The greys of a menu.
var (
	paper = color.Gray{Y: 0xf6}
	edge  = color.Gray{Y: 0xd0}
	ink   = color.Gray{Y: 0x20}
)

// paint draws a menu: the label of each cell, or a sign for a list where there
// is one cell without.
func paint(columns, rows int, labels []string) []byte {
	img := image.NewGray(image.Rect(0, 0, columns*cellWidth, rows*cellHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(edge), image.Point{}, draw.Src)
	faces := facesOf()
	for i := range columns * rows {
		cell := image.Rect(0, 0, cellWidth, cellHeight).Add(image.Pt(i%columns*cellWidth, i/columns*cellHeight))
		draw.Draw(img, cell.Inset(3), image.NewUniform(paper), image.Point{}, draw.Src)
		switch {
		case len(labels) == 0:
			bars(img, cell)
		case i < len(labels):
			write(img, cell, faces, labels[i])
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory, it can't fail
	return b.Bytes()
}

// bars draw the sign for a list: three bars in the middle of a cell.
func bars(img draw.Image, cell image.Rectangle) {
	const length, thick, apart = 240, 28, 76
	middle := cell.Min.Add(cell.Size().Div(2))
	for n := -1; n <= 1; n++ {
		bar := image.Rect(-length/2, n*apart-thick/2, length/2, n*apart+thick/2).Add(middle)
		draw.Draw(img, bar, image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

// write sets a label in the middle of a cell, as large as it fits.
func write(img draw.Image, cell image.Rectangle, faces []font.Face, label string) {
	face, room := faces[len(faces)-1], fixed.I(cellWidth-2*margin)
	for _, f := range faces {
		if font.MeasureString(f, label) <= room {
			face = f
			break
		}
	}
	for n := len([]rune(label)); font.MeasureString(face, label) > room && n > 1; n-- {
		label = messengers.Short(label, n)
	}
	height := face.Metrics().CapHeight
	d := font.Drawer{Dst: img, Src: image.NewUniform(ink), Face: face, Dot: fixed.Point26_6{
		X: fixed.I(cell.Min.X) + (fixed.I(cellWidth)-font.MeasureString(face, label))/2,
		Y: fixed.I(cell.Min.Y) + (fixed.I(cellHeight)+height)/2,
	}}
	d.DrawString(label)
}

// menuFont is the font that menus are set in.
var menuFont = sync.OnceValue(func() *sfnt.Font {
	parsed, _ := opentype.Parse(gomedium.TTF) // it is a part of the binary
	return parsed
})

// facesOf returns its sizes, the largest first.
func facesOf() (all []font.Face) {
	for _, pixels := range []float64{110, 88, 70, 56} {
		const dots = 72                                                                                                    // a point is a pixel
		face, _ := opentype.NewFace(menuFont(), &opentype.FaceOptions{Size: pixels, DPI: dots, Hinting: font.HintingNone}) // it never fails
		all = append(all, face)
	}
	return all
}

// writable says that the font of menus has all letters of some labels.
func writable(labels []string) bool {
	var buffer sfnt.Buffer
	return !strings.ContainsFunc(strings.Join(labels, ""), func(r rune) bool {
		glyph, err := menuFont().GlyphIndex(&buffer, r)
		return err != nil || glyph == 0
	})
}
