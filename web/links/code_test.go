package links_test

import (
	"bytes"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"keypull/web/links"
)

// Both drawings of a code show the same modules, with room around them.
func TestACodeIsTheSameAsDrawingAndPicture(t *testing.T) {
	for _, address := range []string{"https://t.me/lecker_bot?start=abc", "sms:+4915100000001?body=g%C3%A2teau", "https://wa.me/4915100000001?text=" + strings.Repeat("long+", 60)} {
		code, err := links.NewCode(address)
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := code.PNG()
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatal(err)
		}
		side := code.Size() + 8
		scale := picture.Bounds().Dx() / side
		dark := make(map[[2]int]bool)
		for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(string(code.SVG()), -1) {
			x, _ := strconv.Atoi(run[1])
			y, _ := strconv.Atoi(run[2])
			n, _ := strconv.Atoi(run[3])
			for i := range n {
				dark[[2]int{x + i, y}] = true
			}
		}
		for y := range side {
			for x := range side {
				r, _, _, _ := picture.At(x*scale+scale/2, y*scale+scale/2).RGBA()
				if (r == 0) != dark[[2]int{x, y}] {
					t.Fatalf("%s: the drawings differ at %d, %d", address, x, y)
				}
				if (x < 4 || y < 4 || x >= side-4 || y >= side-4) && dark[[2]int{x, y}] {
					t.Fatalf("%s: no room at %d, %d", address, x, y)
				}
			}
		}
	}
	if _, err := links.NewCode(strings.Repeat("x", 5000)); err == nil {
		t.Error("an address that fits into no code has one")
	}
}
