package pages_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"keypull/web/console/pages/pagestest"
)

// pictures is where screenshots of the gallery are wanted.
var pictures = flag.String("pictures", "", "write a picture of every page of the gallery into this `folder`")

// overflow lists what reaches beyond the window's width, or is cut off by its
// card.
const overflow = `[...document.querySelectorAll(".card.flush *:not(.unseen), .preview *")]
	.filter((x) => x.getBoundingClientRect().right > x.closest(".card, .preview").getBoundingClientRect().right + 1)
	.slice(0, 5).map((x) => "cut off: " + x.outerHTML.slice(0, 80)).join(", ") || (document.documentElement.scrollWidth <= innerWidth ? "" :
	[...document.querySelectorAll("body *")].filter((x) => x.getBoundingClientRect().right > innerWidth + 1 && !x.closest(".tabs, .scroll, .unseen"))
	.slice(0, 5).map((x) => x.tagName + "." + x.className + " " + Math.round(x.getBoundingClientRect().right)).join(", ") || "scrolls")`

func TestTheGalleryIsWellBuiltInEverySizeAndTheme(t *testing.T) {
	server, judge := gallery(t), pagestest.Axe(t)
	for _, width := range []int64{390, 768, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d %s", width, scheme), func(t *testing.T) {
				t.Parallel()
				b := newBrowser(t)
				b.Look(width, scheme)
				for _, page := range []string{"parts", "list", "form?l=de", "wrong", "confirm?l=fr", "alone", "bare"} {
					b.Open(server.URL + "/" + page)
					if got := b.Eval(overflow); got != "" {
						t.Errorf("%s overflows: %s", page, got)
					}
					b.Do(chromedp.Evaluate[chromedp.Void](judge + ";0"))
					if got := b.Eval(pagestest.Violations); got != "" {
						t.Errorf("%s is not accessible:\n%s", page, got)
					}
					b.Wants(`document.querySelectorAll("h1").length`, "1")
					for _, said := range b.Complaints() {
						t.Errorf("%s: the browser complains: %s", page, said)
					}
					b.picture(fmt.Sprintf("%s-%d-%s.png", page, width, scheme))
				}
			})
		}
	}
}

func (b *browser) picture(name string) {
	b.T.Helper()
	if *pictures == "" {
		return
	}
	shot, err := chromedp.Run(b.Ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), shot, 0o600); err != nil {
		b.T.Fatal(err)
	}
}
