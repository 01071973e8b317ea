package webchat

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// rgb is a colour of the sRGB space.
type rgb [3]float64

// parseColour reads "#0a6a60" or "#0a6", or returns false.
func parseColour(text string) (c rgb, ok bool) {
	digits, found := strings.CutPrefix(text, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	b, err := hex.DecodeString(digits)
	if !found || err != nil || len(b) != len(c) {
		return c, false
	}
	for i := range b {
		c[i] = float64(b[i]) / 255
	}
	return c, true
}

// String returns a colour as style sheets write it.
func (c rgb) String() string {
	var b [len(c)]byte
	for i, v := range c {
		b[i] = byte(math.Round(v * 255))
	}
	return fmt.Sprintf("#%x", b)
}

// luminance is the relative luminance of WCAG 2.
func (c rgb) luminance() float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// contrast returns that of two colours: 1 to 21.
func (c rgb) contrast(other rgb) float64 {
	a, b := c.luminance(), other.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// mix returns a colour with a share of another in it.
func (c rgb) mix(other rgb, share float64) rgb {
	for i := range c {
		c[i] += (other[i] - c[i]) * share
	}
	return c
}

// readable is the contrast of a text that everybody can read, with something to spare for
// what rounding takes.
const readable = 4.55

// tones are the colours of a chat in one scheme: what is filled with the outlet's colour,
// what is written on that, and its colour as texts and lines on the chat's own ground have it.
type tones struct {
	Fill   string `json:"fill"`
	On     string `json:"on"`
	Accent string `json:"accent"`
}

// scheme is what texts stand on in one scheme, as chat.css has it, and which way they part
// from it.
type scheme struct {
	grounds []rgb
	away    rgb
}

var (
	black, white = rgb{}, rgb{1, 1, 1}
	light        = scheme{grounds: []rgb{white, mustColour("#f1f4f3")}, away: black}
	dark         = scheme{grounds: []rgb{mustColour("#14191b"), mustColour("#222a2d")}, away: white}
)

func mustColour(text string) rgb {
	c, _ := parseColour(text) // a constant that a test reads
	return c
}

// tonesOf returns the colours that an outlet's colour makes in a scheme. Of black and
// white one can be read on any colour.
func (s scheme) tonesOf(c rgb) tones {
	on, accent := white, c
	if c.contrast(black) > c.contrast(white) {
		on = black
	}
	for share := 0.0; share <= 1; share += 1.0 / 64 {
		accent = c.mix(s.away, share)
		if s.carries(accent) {
			break
		}
	}
	return tones{Fill: c.String(), On: on.String(), Accent: accent.String()}
}

func (s scheme) carries(c rgb) bool {
	for _, ground := range s.grounds {
		if c.contrast(ground) < readable {
			return false
		}
	}
	return true
}

// colours are those of both schemes.
type colours struct {
	Light tones `json:"light"`
	Dark  tones `json:"dark"`
}

// coloursOf returns the colours that an outlet's colour makes, or nil where it set none.
func coloursOf(text string) *colours {
	c, ok := parseColour(text)
	if !ok {
		return nil
	}
	return &colours{Light: light.tonesOf(c), Dark: dark.tonesOf(c)}
}
