package demo

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"sync"
)

// The size of a picture in pixels: 3 by 2, large enough for a phone.
const (
	plateWidth  = 720
	plateHeight = 480
)

// plates draws the picture of each dish once: a plate seen from above on a
// cloth, with rings and morsels of colours that belong to the dish.
type plates struct {
	mu    sync.Mutex
	drawn map[string][]byte
}

func newPlates() *plates { return &plates{drawn: map[string][]byte{}} }

func (p *plates) drawPNG(r Recipe) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if raw, ok := p.drawn[r.Slug]; ok {
		return raw, nil
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, drawPlate(r)); err != nil {
		return nil, fmt.Errorf("picture of %s: %w", r.Slug, err)
	}
	p.drawn[r.Slug] = b.Bytes()
	return b.Bytes(), nil
}

// paint is a colour with parts from 0 to 1.
type paint struct{ r, g, b float64 }

// disc is a round spot.
type disc struct {
	x, y, radius float64
	colour       paint
	// shade darkens the disc towards its rim, soft is the width of its edge in
	// pixels.
	shade, soft float64
}

func drawPlate(r Recipe) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, plateWidth, plateHeight))
	hue := float64(r.Tint)
	light, dark := hsl(hue+24, 0.42, 0.88), hsl(hue-14, 0.38, 0.72)
	for y := range plateHeight {
		for x := range plateWidth {
			across := (float64(x)/plateWidth + float64(y)/plateHeight) / 2
			img.SetRGBA(x, y, blend(light, dark, across).rgba())
		}
	}
	for _, d := range setTable(r) {
		d.draw(img)
	}
	return img
}

// The middle of the plate.
const (
	middleX = plateWidth / 2
	middleY = plateHeight / 2
)

// setTable lists the discs from the cloth upwards.
func setTable(r Recipe) []disc {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(r.Slug))
	random := rand.New(rand.NewPCG(sum.Sum64(), 1)) //nolint:gosec // a drawing needs no secrecy
	discs := []disc{
		{middleX + 4, middleY + 16, 226, hsl(float64(r.Tint)-8, 0.30, 0.42), 0, 56},
		{middleX, middleY, 200, paint{0.985, 0.98, 0.965}, 0.10, 1.5},
		{middleX, middleY, 152, paint{0.955, 0.945, 0.925}, 0.05, 3},
	}
	if sweets[r.Category] {
		return addBaked(discs, random, float64(r.Tint))
	}
	return addFood(discs, random, float64(r.Tint))
}

// sweets are the categories that are drawn as something baked.
var sweets = map[string]bool{
	"Dessert": true, "Cake": true, "Goûter": true, "Torte": true, "Gebäck": true,
}

// addFood puts something with a sauce, morsels and leaves on the plate.
func addFood(discs []disc, random *rand.Rand, hue float64) []disc {
	saturation := 0.62
	if hue > 60 && hue < 180 {
		saturation = 0.38 // greens look like paint sooner than other colours
	}
	discs = append(discs,
		disc{middleX, middleY, 130, hsl(hue, saturation, 0.50), 0.22, 2},
		disc{middleX, middleY, 110, hsl(hue+9, saturation, 0.60), 0.14, 5},
	)
	for range 26 {
		d := randomDisc(random, 90, 6+random.Float64()*14)
		d.colour = hsl(hue+random.Float64()*56-28, saturation, 0.42+random.Float64()*0.36)
		discs = append(discs, d)
	}
	turn := random.Float64() * 2 * math.Pi
	for i := range 5 {
		angle := turn + float64(i)*0.55
		discs = append(discs, disc{
			middleX + math.Cos(angle)*30, middleY + math.Sin(angle)*30, 11 - math.Abs(float64(i)-2)*2,
			hsl(110+float64(i)*6, 0.42, 0.40), 0.3, 1.5,
		})
	}
	return discs
}

// addBaked puts a round cake on the plate, dusted, with three berries.
func addBaked(discs []disc, random *rand.Rand, hue float64) []disc {
	lightness := 0.22 + math.Mod(hue, 90)/45*0.28
	discs = append(discs,
		disc{middleX + 2, middleY + 6, 128, hsl(hue, 0.25, 0.55), 0, 18},
		disc{middleX, middleY, 118, hsl(hue, 0.52, lightness*0.82), 0.2, 2},
		disc{middleX, middleY, 106, hsl(hue+4, 0.50, lightness), 0.16, 6},
	)
	for range 240 {
		d := randomDisc(random, 104, 0.8+random.Float64()*2.2)
		d.colour, d.shade = paint{0.98, 0.95, 0.90}, 0
		discs = append(discs, d)
	}
	for i := range 3 {
		angle := float64(i)*2.1 + random.Float64()
		discs = append(discs, disc{
			middleX + math.Cos(angle)*17, middleY + math.Sin(angle)*17, 15, hsl(350, 0.68, 0.44), 0.45, 1.5,
		})
	}
	return append(discs, disc{middleX + 4, middleY - 24, 8, hsl(118, 0.40, 0.42), 0.3, 1.5})
}

// randomDisc places a disc somewhere within reach of the middle.
func randomDisc(random *rand.Rand, reach, radius float64) disc {
	angle, away := random.Float64()*2*math.Pi, math.Sqrt(random.Float64())*reach
	return disc{
		x: middleX + math.Cos(angle)*away, y: middleY + math.Sin(angle)*away,
		radius: radius, shade: 0.25, soft: 1.5,
	}
}

// draw lays the disc on what is there.
func (d disc) draw(img *image.RGBA) {
	reach := image.Rect(
		int(d.x-d.radius), int(d.y-d.radius), int(d.x+d.radius)+2, int(d.y+d.radius)+2,
	).Intersect(img.Rect)
	for y := reach.Min.Y; y < reach.Max.Y; y++ {
		for x := reach.Min.X; x < reach.Max.X; x++ {
			away := math.Hypot(float64(x)-d.x, float64(y)-d.y)
			if away >= d.radius {
				continue
			}
			rim := away / d.radius
			tone := 1 - d.shade*rim*rim
			colour := paint{d.colour.r * tone, d.colour.g * tone, d.colour.b * tone}
			below := unpaint(img.RGBAAt(x, y))
			img.SetRGBA(x, y, blend(below, colour, min((d.radius-away)/d.soft, 1)).rgba())
		}
	}
}

func blend(a, b paint, part float64) paint {
	return paint{a.r + (b.r-a.r)*part, a.g + (b.g-a.g)*part, a.b + (b.b-a.b)*part}
}

func (p paint) rgba() color.RGBA {
	return color.RGBA{R: colorLevel(p.r), G: colorLevel(p.g), B: colorLevel(p.b), A: 255}
}

func unpaint(c color.RGBA) paint {
	return paint{float64(c.R) / 255, float64(c.G) / 255, float64(c.B) / 255}
}

func colorLevel(part float64) uint8 { return uint8(min(max(part, 0), 1)*255 + 0.5) }

// hsl turns hue in degrees, saturation and lightness into a colour.
func hsl(hue, saturation, lightness float64) paint {
	hue = math.Mod(math.Mod(hue, 360)+360, 360) / 30
	spread := saturation * min(lightness, 1-lightness)
	channel := func(n float64) float64 {
		k := math.Mod(n+hue, 12)
		return lightness - spread*max(-1, min(k-3, 9-k, 1))
	}
	return paint{channel(0), channel(8), channel(4)}
}
