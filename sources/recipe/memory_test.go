package recipe_test

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"keypull/pull/outside"
	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

// maxParsing is what reading one document may take in all, in bytes: what is
// allocated in all bounds what is ever held at once.
const maxParsing = 64 << 20

// hostilePages are pages of nearly the greatest length that cost a careless
// reader many times that.
func hostilePages() map[string]string {
	const length = 4<<20 - 1000
	ld := func(json string) string { return `<script type="application/ld+json">` + json + `</script>` }
	fill := func(before, unit, after string) string {
		const room = 3<<20 - 1000
		return ld(before + strings.Repeat(unit, (room-len(before)-len(after))/len(unit)) + after)
	}
	page := func(unit string) string { return strings.Repeat(unit, length/len(unit)) }
	return map[string]string{
		"empty lists":          fill("[", "[],", "1]"),
		"empty objects":        fill("[", "{},", "1]"),
		"small objects":        fill("[", `{"a":1},`, "1]"),
		"numbers":              fill("[", "1,", "1]"),
		"short texts":          fill("[", `"a",`, "1]"),
		"deep lists":           fill("", "[", ""),
		"deep objects":         fill("", `{"a":`, ""),
		"a long name":          fill(`{"@type":"Recipe","name":"`, "a ", `"}`),
		"a long step":          fill(`{"@type":"Recipe","name":"X","recipeInstructions":"`, "Stir it. ", `"}`),
		"a step of tags":       fill(`{"@type":"Recipe","name":"X","recipeInstructions":"`, "<p>", `"}`),
		"a step of entities":   fill(`{"@type":"Recipe","name":"X","recipeInstructions":"`, "&amp;", `"}`),
		"a step of breaks":     fill(`{"@type":"Recipe","name":"X","recipeInstructions":"`, `\n`, `"}`),
		"a step of letters":    fill(`{"@type":"Recipe","name":"X","recipeInstructions":"`, `\u00e9`, `"}`),
		"many steps":           fill(`{"@type":"Recipe","name":"X","recipeInstructions":[`, `"a long and winding step",`, `""]}`),
		"many ingredients":     fill(`{"@type":"Recipe","name":"X","recipeIngredient":[`, `"one hundred grams of sugar",`, `""]}`),
		"endless white space":  fill(`{"@type":"Recipe",`, " \n", `"name":"X"}`),
		"white space in texts": fill(`{"@type":"Recipe","name":"X`, `   `, `"}`),
		"quotes to mend":       fill(`{"@type":"Recipe","name":"X`, `"y`, `"}`),
		"commas to mend":       fill(`{"@type":"Recipe","name":"X"`, `, `, `}`),
		"many recipes":         fill(`[`, `{"@type":"Recipe","name":"N","recipeInstructions":"Cook."},`, `1]`),
		"many values":          fill("", "{}\n", ""),
		"many scripts":         page(ld(`{"a":1}`)),
		"open scripts":         page(`<script type="application/ld+json">`),
		"a long attribute":     `<p class="` + page("x") + `">`,
		"many attributes":      "<script " + page(`a="1" `) + ">{}</script>",
		"a long comment":       "<!--" + page("<script>") + "-->",
		"open comments":        page("<!-"),
		"brackets":             page("<"),
		"white space":          page(" "),
		"no UTF-8":             page("\x80"),
		"two bytes a letter":   "\xff\xfe" + page("a\x00"),
		"nested parts":         page(`<div class="ingredients">`),
		"many names":           page(`<p class="a b c d e f Ingredient-list step_time serves x y z">4`),
		"nested headings":      page(`<h2>Method</h2><div class="step">Stir.`),
		"labels":               page(`<p>Serves 4 | Total time: 5 min`),
		"one line of labels":   "<p>" + page(`Serves: 4 `),
		"deep spans":           page(`<span class="title">`),
		"a long bold text":     "<ul><li><b>" + page(`a b `),
		"many rows":            page(`<tr><td>1<td>egg`),
		"headings of parts":    page(`<p>Ingredients: a; b; c`),
		"states":               page(`<script type="application/json">{"ingredients":["a","b"]}</script>`),
		"a deep state":         `<script type="application/json">{"ingredient":` + strings.Repeat(`[`, 1<<20-100) + `</script>`,
		"a state of lists":     `<script type="application/json">{"ingredient":[` + strings.Repeat(`{"a":[1]},`, 100_000) + `1]}</script>`,
	}
}

func TestHostilePagesTakeLittleMemory(t *testing.T) {
	for name, page := range hostilePages() {
		t.Run(name, func(t *testing.T) {
			source := saved(t, []byte(page))
			if took := allocated(func() { _, _ = source.Fetch(t.Context(), "book", nil) }); took > maxParsing {
				t.Errorf("reading %d MiB allocates %d MiB", len(page)>>20, took>>20)
			}
		})
	}
}

func TestHostileSitemapsTakeLittleMemory(t *testing.T) {
	const length = 8<<20 - 1000
	page := func(unit string) string { return strings.Repeat(unit, length/len(unit)) }
	for name, text := range map[string]string{
		"deep elements":    page("<a>"),
		"open entries":     page("<url>"),
		"long attributes":  `<url a="` + page("x") + `">`,
		"a long address":   "<url><loc>" + page("x") + "</loc></url>",
		"a long comment":   "<!--" + page("<url>"),
		"open comments":    page("<!--"),
		"a long name":      "<" + page("x"),
		"brackets":         page("<"),
		"white space":      page(" "),
		"many pages":       "<urlset>" + page("<url><loc>https://big.example/x</loc></url>"),
		"many sitemaps":    page("<sitemap><loc>https://big.example/x</loc></sitemap>"),
		"entities":         "<url><loc>" + page("&amp;") + "</loc></url>",
		"empty addresses":  page("<url><loc/></url>"),
		"open CDATA marks": page("<url><loc><![CDATA["),
	} {
		t.Run(name, func(t *testing.T) {
			env := sourcetest.Env(t, "")
			env.Client = outside.New(outside.Options{Answer: func(_ context.Context, r outside.Request) (outside.Response, error) {
				body := []byte(text)
				if r.URL != root {
					body = []byte("nothing")
				}
				return outside.Response{Status: http.StatusOK, URL: r.URL, Header: http.Header{}, Body: body, Fetched: fetched}, nil
			}})
			source := sourcetest.Open(t, recipe.Kind, env, values{"sitemap": root})
			if took := allocated(func() { _, _ = source.Fetch(t.Context(), "book", nil) }); took > maxParsing {
				t.Errorf("reading %d MiB allocates %d MiB", len(text)>>20, took>>20)
			}
		})
	}
}

// allocated returns the bytes that f allocates in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestScriptsAreFoundAsPagesWriteThem(t *testing.T) {
	const recipeText = `{"@type":"Recipe","name":"Found"}`
	for name, text := range map[string]string{
		"plain":               `<script type="application/ld+json">` + recipeText + `</script>`,
		"capitals":            `<SCRIPT TYPE="APPLICATION/LD+JSON">` + recipeText + `</SCRIPT>`,
		"no quotes":           `<script type=application/ld+json>` + recipeText + `</script>`,
		"an entity":           `<script type="application/ld&#43;json">` + recipeText + `</script>`,
		"other attributes":    `<script data-x="a>b" type='application/ld+json' class="yoast">` + recipeText + `</script>`,
		"a line in the tag":   "<script\n type=\"application/ld+json\"\n>" + recipeText + `</script >`,
		"behind other ones":   `<script>var a = "<b>";</script><script src=x></script><script type="application/ld+json">` + recipeText + `</script>`,
		"behind a comment":    `<!-- <script> --><script type="application/ld+json">` + recipeText + `</script>`,
		"in no known place":   `<script type="application/ld+json">{"@type":"WebPage","isPartOf":{"x":[` + recipeText + `]}}</script>`,
		"a headline":          `<script type="application/ld+json">{"@type":"Recipe","headline":"Found"}</script>`,
		"two values":          `<script type="application/ld+json">{"@type":"Thing"}` + recipeText + `</script>`,
		"escaped quotes":      `<script type="application/ld+json">` + strings.ReplaceAll(recipeText, `"`, "&quot;") + `</script>`,
		"an unescaped quote":  `<script type="application/ld+json">{"@type":"Recipe","description":"a 20" pan","name":"Found"}</script>`,
		"a comment in it":     `<script type="application/ld+json">/* by hand */ {"@type":"Recipe", // yes` + "\n" + `"name":"Found",}</script>`,
		"cut off":             `<script type="application/ld+json">{"@graph":[{"@type":"Recipe","name":"Found","recipeIngredient":["a","b</script>`,
		"CDATA":               "<script type=\"application/ld+json\">/*<![CDATA[*/\n" + recipeText + "\n/*]]>*/</script>",
		"a bad escape":        `<script type="application/ld+json">{"@type":"Recipe","description":"\u12 \'x\'","name":"Found"}</script>`,
		"two bytes a letter":  "\xff\xfe" + string(bytes.Join(bytes.SplitAfter([]byte(`<script type="application/ld+json">`+recipeText+`</script>`), nil), []byte{0})) + "\x00",
		"a type in small":     `<script type="application/ld+json">{"@type":["Thing","schema:recipe"],"name":"Found"}</script>`,
		"within a long graph": `<script type="application/ld+json">{"@graph":[` + strings.Repeat(`{"@type":"Comment","text":"x"},`, 5000) + recipeText + `]}</script>`,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := saved(t, []byte(text)).Fetch(t.Context(), "book", nil)
			if err != nil || titles(s) != "Found" {
				t.Errorf("%q, %v", titles(s), err)
			}
		})
	}
	hidden := `<!-- <script type="application/ld+json">` + recipeText + `</script> -->`
	if s, err := saved(t, []byte(hidden)).Fetch(t.Context(), "book", nil); err == nil {
		t.Errorf("what stands in a comment was read: %q", titles(s))
	}
}
