package webchat

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wcag is the contrast that WCAG 2 asks of text.
const wcag = 4.5

func TestEveryColourIsReadableInBothSchemes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chosen := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		got := coloursOf(chosen)
		for name, one := range map[string]struct {
			tones  tones
			scheme scheme
		}{"light": {got.Light, light}, "dark": {got.Dark, dark}} {
			fill, on, accent := mustColour(one.tones.Fill), mustColour(one.tones.On), mustColour(one.tones.Accent)
			if one.tones.Fill != chosen {
				t.Errorf("%s: filled with %s, chosen was %s", name, one.tones.Fill, chosen)
			}
			if c := on.contrast(fill); c < wcag {
				t.Errorf("%s: %s on %s has a contrast of %.2f", name, one.tones.On, chosen, c)
			}
			for _, ground := range one.scheme.grounds {
				if c := accent.contrast(ground); c < wcag {
					t.Errorf("%s: %s on %s has a contrast of %.2f", name, one.tones.Accent, ground, c)
				}
			}
		}
	})
}

func TestAColourThatCanBeReadStaysAsItIs(t *testing.T) {
	if got := coloursOf("#0a6a60").Light; got != (tones{"#0a6a60", "#ffffff", "#0a6a60"}) {
		t.Errorf("got %+v", got)
	}
	if got := coloursOf("#7ed9cb").Dark; got != (tones{"#7ed9cb", "#000000", "#7ed9cb"}) {
		t.Errorf("got %+v", got)
	}
	if got := coloursOf("#fd0").Light.Fill; got != "#ffdd00" {
		t.Errorf("three digits are %s", got)
	}
}

func TestWhatIsNoColourMakesNone(t *testing.T) {
	for _, text := range []string{"", "0a6a60", "#0a6a6", "#0a6a6g", "red", "#0a6a60ff", "rgb(1,2,3)", "#"} {
		if got := coloursOf(text); got != nil {
			t.Errorf("%q makes %+v", text, got)
		}
	}
}

// The grounds that texts are made readable on are those of the style sheet.
func TestTheGroundsAreThoseOfTheStyleSheet(t *testing.T) {
	css := string(file("chat.css"))
	for selector, s := range map[string]scheme{".chat {": light, `.chat[data-scheme="dark"] {`: dark} {
		_, rest, _ := strings.Cut(css, selector)
		for i, name := range []string{"paper", "soft"} {
			got := regexp.MustCompile(`--` + name + `: (#\w+);`).FindStringSubmatch(rest)
			if len(got) != 2 || got[1] != s.grounds[i].String() {
				t.Errorf("%s --%s is %v, want %s", selector, name, got, s.grounds[i])
			}
		}
	}
}
