package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"keypull/web/browsertest"
)

// The README's picture in motion is what this test saw: make screenshot writes
// it anew.
var motion = flag.String("motion", "", "write the demo in motion, as a GIF, to this `file`")

const (
	motionFile = "../../docs/img/demo.gif"
	// motionBytes is what somebody who reads the README on a train puts up with.
	motionBytes = 600 << 10
	// It is taken at this size and drawn smaller, so that it fits beside text.
	motionWidth, motionHeight = 1240, 720
	motionScale               = 0.67
)

// film is a row of pictures with how long each of them is shown.
type film struct {
	frames []image.Image
	delays []time.Duration
}

// take adds what the tab shows.
func (f *film) take(t *testing.T, tab context.Context, shown time.Duration) {
	t.Helper()
	shot, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	frame, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	f.frames, f.delays = append(f.frames, frame), append(f.delays, shown)
}

// finger shows where the reader taps, for one frame.
func finger(on string) string {
	return `{ const at = (` + on + `).getBoundingClientRect(), dot = document.createElement("div");
	dot.id = "finger";
	Object.assign(dot.style, { position: "fixed", left: at.left + at.width / 2 - 17 + "px", top: at.top + at.height / 2 - 10 + "px",
		width: "34px", height: "34px", borderRadius: "50%", background: "rgb(20 33 43 / .35)", zIndex: "9" });
	document.body.append(dot); }`
}

const liftFinger = `document.querySelector("#finger").remove()`

// The story is the one of the first thirty seconds: the phone greets and has
// answered, a tap, an answer, ten thousand at once.
func TestTheDemoInMotion(t *testing.T) {
	if *motion == "" {
		t.Log("the picture stays as it is; name a file by -motion to take it anew")
		return
	}
	d := runningAt(t, t.TempDir())
	t.Cleanup(func() { d.end(t) })
	tab := browsertest.NewTab(t, browsertest.Start(t), pictureWithin)
	const chat = `document.querySelector("#phone-screen").firstElementChild?.shadowRoot`
	const console = `document.querySelector("#editor").contentDocument`
	answered := func(words string) {
		until(t, tab, `[...`+chat+`.querySelectorAll(".them .bubble")].some((x) => x.textContent.includes("`+words+`")) && `+chat+`.querySelector(".dots").hidden`)
	}
	do(t, tab, chromedp.EmulateViewport(motionWidth, motionHeight, chromedp.EmulateScale(motionScale)), chromedp.Navigate(d.server.URL+"/demo/"))
	until(t, tab, chat+`?.querySelector(".hello")`)
	answered("WIPRO")
	until(t, tab, console+`?.querySelector("main h1")`)
	var f film
	f.take(t, tab, 1500*time.Millisecond)
	tap := func(on string) {
		do(t, tab, chromedp.Evaluate[chromedp.Void](finger(on)))
		f.take(t, tab, 500*time.Millisecond)
		do(t, tab, chromedp.Evaluate[chromedp.Void](liftFinger), chromedp.Evaluate[chromedp.Void]("("+on+").click()"))
	}
	tap(`document.querySelector('.chip[data-send="news"]')`)
	f.take(t, tab, 300*time.Millisecond)
	until(t, tab, chat+`.querySelectorAll(".them").length === 2 && `+chat+`.querySelector(".dots").hidden`)
	f.take(t, tab, 1800*time.Millisecond)
	tap(`document.querySelector("#crowd")`)
	const result = `document.querySelector("#crowd-result")`
	for last := -1; ; {
		until(t, tab, result)
		n, err := chromedp.Run(tab, chromedp.Evaluate[int](`Number(`+result+`.querySelector("dd").textContent.replace(/\D/g, ""))`))
		if err != nil {
			t.Fatal(err)
		}
		if n == 10_000 {
			break
		}
		if n >= last+1500 {
			f.take(t, tab, 200*time.Millisecond)
			last = n
		}
	}
	until(t, tab, `!document.querySelector("#crowd").disabled`)
	f.take(t, tab, 3*time.Second)
	if err := os.WriteFile(*motion, f.gif(t), 0o600); err != nil {
		t.Fatal(err)
	}
}

// gif draws each frame as what differs from the one before.
func (f *film) gif(t *testing.T) []byte {
	t.Helper()
	colors := f.palette()
	nearest := map[color.RGBA]uint8{}
	moving := &gif.GIF{}
	var before *image.Paletted
	for i, frame := range f.frames {
		now := drawn(frame, colors, nearest)
		part := now
		if before != nil {
			part = difference(before, now)
		}
		moving.Image = append(moving.Image, part)
		moving.Delay = append(moving.Delay, int(f.delays[i]/(10*time.Millisecond)))
		moving.Disposal = append(moving.Disposal, gif.DisposalNone)
		before = now
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, moving); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// palette returns the colours that most of the film is painted in, the transparent
// one first.
func (f *film) palette() color.Palette {
	seen := map[color.RGBA]int{}
	for _, frame := range f.frames {
		for p := range points(frame.Bounds()) {
			seen[at(frame, p)]++
		}
	}
	most := slices.SortedFunc(maps.Keys(seen), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	colors := color.Palette{color.RGBA{}}
	for _, c := range most[:min(len(most), 255)] {
		colors = append(colors, c)
	}
	return colors
}

// at returns the colour of a point, in steps that nobody sees.
func at(frame image.Image, p image.Point) color.RGBA {
	r, g, b, _ := frame.At(p.X, p.Y).RGBA()
	step := func(v uint32) uint8 { return uint8(min(255, (v>>8+2)/4*4)) }
	return color.RGBA{R: step(r), G: step(g), B: step(b), A: 255}
}

func points(r image.Rectangle) func(func(image.Point) bool) {
	return func(yield func(image.Point) bool) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if !yield(image.Pt(x, y)) {
					return
				}
			}
		}
	}
}

func drawn(frame image.Image, colors color.Palette, nearest map[color.RGBA]uint8) *image.Paletted {
	out := image.NewPaletted(frame.Bounds(), colors)
	for p := range points(frame.Bounds()) {
		c := at(frame, p)
		index, known := nearest[c]
		if !known {
			index = uint8(1 + colors[1:].Index(c)) //nolint:gosec // of 256
			nearest[c] = index
		}
		out.SetColorIndex(p.X, p.Y, index)
	}
	return out
}

// difference returns the smallest part that tells a picture from the one before,
// transparent where they are alike.
func difference(before, now *image.Paletted) *image.Paletted {
	var changed image.Rectangle
	for p := range points(now.Rect) {
		if before.ColorIndexAt(p.X, p.Y) != now.ColorIndexAt(p.X, p.Y) {
			changed = changed.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		}
	}
	if changed.Empty() {
		changed = image.Rect(0, 0, 1, 1)
	}
	out := image.NewPaletted(changed, now.Palette)
	for p := range points(changed) {
		if c := now.ColorIndexAt(p.X, p.Y); c != before.ColorIndexAt(p.X, p.Y) {
			out.SetColorIndex(p.X, p.Y, c)
		}
	}
	return out
}

func TestTheReadmesPictureInMotionIsSmallAndTold(t *testing.T) {
	raw, err := os.ReadFile(motionFile)
	if err != nil {
		t.Fatal(err)
	}
	moving, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil || len(raw) > motionBytes || len(moving.Image) < 5 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	shown := 0
	for _, d := range moving.Delay {
		shown += d
	}
	if lasts := time.Duration(shown) * 10 * time.Millisecond; lasts < 5*time.Second || lasts > 12*time.Second {
		t.Errorf("it lasts %v", lasts)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil || !strings.Contains(string(readme), "](docs/img/demo.gif)") || strings.Contains(string(readme), "![](") {
		t.Errorf("the README does not show it with words for those who cannot see it: %v", err)
	}
}
